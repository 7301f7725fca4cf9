"""Page pictures (页面图片): pages of PDFs as pictures made here, at two densities, kept by the file's digest."""
