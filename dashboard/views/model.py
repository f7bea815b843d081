"""Model: how far the tags can be trusted, measured on texts the model had not seen."""

from dashboard.parts import quality, shell

view = shell.open_page("model")
model = quality.model_of(view)
if model is not None:
    quality.draw_finding(view, model)
    quality.draw_figures(model.quality)
    quality.draw_sureness(view, model.quality)
    quality.draw_confusion(model.quality)
    quality.draw_labels(view, model.quality)
    quality.draw_groups(model.quality)
    quality.draw_languages(model.quality)
