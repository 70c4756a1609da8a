"""How well a model moves the mouth: beside measured lips, beside aligned phones, and under bad conditions."""
