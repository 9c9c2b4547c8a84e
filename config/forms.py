"""Forms drawn with our own field template."""

from django.forms.renderers import TemplatesSetting


class CandorRenderer(TemplatesSetting):
    field_template_name = "components/field.html"
