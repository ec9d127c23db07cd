-- A session in headless Neovim: opens a broken template, reads the diagnostics, applies a fix, completes a variable, renames
-- a parameter, and finds the file clean. Run by `nvim --headless --clean -l neovim.lua FILE`.

local patience = 30000

local function check(condition, message)
  if not condition then
    io.stderr:write("neovim: " .. message .. "\n")
    os.exit(1)
  end
end

local function lines()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

local function rules()
  local found = {}
  for _, own in ipairs(vim.diagnostic.get(0)) do
    found[own.code] = own
  end
  return found
end

local function wait(condition, message)
  check(vim.wait(patience, condition, 20), message .. "; diagnostics: " .. vim.inspect(vim.tbl_keys(rules())))
end

-- Puts the cursor behind the first `mark`, with a line of its own.
local function go(mark)
  for index, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, last = line:find(mark, 1, true)
    if last then
      vim.api.nvim_win_set_cursor(0, { index, last - 1 })
      return
    end
  end
  check(false, "no " .. mark)
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, patience)
  for _, answer in pairs(answers or {}) do
    check(not answer.err, method .. ": " .. vim.inspect(answer.err))
    return answer.result
  end
  check(false, method .. " has no answer")
end

vim.lsp.config("openjd_monitor", {
  cmd = { os.getenv("OPENJD_MONITOR"), "lsp" },
  filetypes = { "yaml" },
  root_markers = { "openjd-monitor.toml", ".git" },
})
vim.lsp.enable("openjd_monitor")
vim.cmd("filetype on")
vim.cmd.edit(arg[1])
vim.bo.filetype = "yaml"

-- Diagnostics.
wait(function() return rules()["unknown-field"] ~= nil end, "the template has no finding")
check(rules()["unknown-field"].severity == vim.diagnostic.severity.ERROR, "the finding is no error")
local client = vim.lsp.get_clients({ bufnr = 0 })[1]

-- A fix.
go("failureTreshold")
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.isPreferred end })
wait(function() return lines():find("failureThreshold: 2", 1, true) ~= nil end, "the fix is not applied")

-- Completion of a variable.
go('command: "{{')
local at = vim.lsp.util.make_position_params(0, client.offset_encoding)
at.position.character = at.position.character + 1
local items = ask("textDocument/completion", at)
local chosen
for _, item in ipairs(items.items or items) do
  check(not item.label:find("WrappedAction", 1, true), item.label .. " is not in scope")
  if item.label == "Param.Image" then
    chosen = item
  end
end
check(chosen, "Param.Image is not completed")
vim.lsp.util.apply_text_edits({ chosen.textEdit }, vim.api.nvim_get_current_buf(), client.offset_encoding)
wait(function() return lines():find('command: "{{Param.Image}}"', 1, true) ~= nil end, "the variable is not written")

-- Renaming of a parameter.
go("{{Param.Image")
vim.lsp.buf.rename("Container")
wait(function() return lines():find("name: Container", 1, true) ~= nil end, "the parameter is not renamed")
check(lines():find('command: "{{Param.Container}}"', 1, true), "its use is not renamed")

-- The rest of the mistakes, by hand.
local text = lines():gsub("period: 3\n", "period: 30\n")
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, "\n"))
wait(function() return next(vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } })) == nil end, "the template is not clean")
vim.cmd("silent write")
vim.lsp.stop_client(vim.lsp.get_clients())
print("neovim: a template was mended, completed and renamed")
os.exit(0)
