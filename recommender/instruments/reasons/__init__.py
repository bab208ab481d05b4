"""What each bought item adds to the recommended one."""
