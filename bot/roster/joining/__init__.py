"""Getting bound: who is this account on the roster?"""
