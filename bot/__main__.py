"""`python -m bot` is the console script `zhibu`."""

from bot.cli import main

main()
