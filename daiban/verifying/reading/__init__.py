"""From files to facts: worker processes read the pages of every input and leave what they saw on disk."""
