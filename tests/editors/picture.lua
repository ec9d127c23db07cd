-- Neovim for picture.py.

vim.o.background = "dark"
vim.o.completeopt = "menuone,popup,noselect"
vim.o.laststatus = 0
vim.o.number = true
vim.o.pumheight = 8
vim.o.ruler = false
vim.o.shortmess = vim.o.shortmess .. "c"
vim.o.showmode = false
vim.o.signcolumn = "no"
vim.o.swapfile = false
vim.diagnostic.config({ virtual_text = { spacing = 2 }, update_in_insert = true })

vim.lsp.config("openjd_monitor", { cmd = { vim.env.OPENJD_MONITOR, "lsp" }, filetypes = { "yaml" } })
vim.lsp.enable("openjd_monitor")
vim.lsp.inlay_hint.enable(true)
