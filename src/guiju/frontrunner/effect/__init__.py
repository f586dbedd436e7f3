"""Effect of a standard: who reaches its levels over time, what a rise of its thresholds does, and what stands beside a level."""
