"""Reads what people write: the site file, inventories, units. It knows no probe and no rule of the contract.

`config.text` has the languages, `config.input` how a file is read and what is wrong with it, `config.site` the site.
"""
