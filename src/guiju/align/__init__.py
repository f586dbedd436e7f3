"""Align, 标准化区域协同: standards of several regions compared, harmonised, recognised and planned from."""
