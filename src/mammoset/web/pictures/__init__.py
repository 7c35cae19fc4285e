"""Pictures of images: decoded, windowed, hung, remembered."""
