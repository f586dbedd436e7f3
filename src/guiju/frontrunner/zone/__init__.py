"""The public zone (领跑者专区): what advertising claims are held against, the pages anybody may read, and the channels a revocation reaches."""
