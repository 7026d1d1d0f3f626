"""登录: the ways in, who has come in, and the accounts.

page       the first administrator, the sign-in page, the corner of who is in
ways       whichever way is configured; settings: which one that is
people     accounts; role_choice: the boxes of a role and its unit
"""
