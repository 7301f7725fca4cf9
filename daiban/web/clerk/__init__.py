"""The clerk's door (档案): what came back, what is to decide, what is to be filed."""
