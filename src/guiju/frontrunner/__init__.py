"""Front-runners: declared standards and products evaluated against graded indicators; boards, lists, certificates (企业标准“领跑者”)."""
