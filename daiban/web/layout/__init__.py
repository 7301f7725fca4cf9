"""Layout (版式): what all pages share: base template, style sheet, scripts, template tags, error pages."""
