"""How a member pays by agreement of the branch: by the quarter, or through somebody else (中组发〔2008〕3号)."""
