"""What is printed: styles, and the script of a process that makes one PDF; no code of ours is imported by it."""
