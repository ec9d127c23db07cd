;;; eglot.el --- Diagnostics and a code action in batch Emacs -*- lexical-binding: t -*-

;; Run by `emacs --batch --load eglot.el FILE'; the program is that of OPENJD_MONITOR.

(require 'cl-lib)
(condition-case nil
    (require 'eglot)
  (error (package-initialize) (require 'eglot)))
(require 'flymake)

(defun monitor-wait (what condition)
  "Wait until CONDITION returns non-nil, and return that; fail, naming WHAT, after a while."
  (let ((tries 600) found)
    (while (and (not (setq found (funcall condition))) (> tries 0))
      (setq tries (1- tries))
      (accept-process-output nil 0.05))
    (unless found
      (message "eglot: %s; diagnostics: %S" what
               (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
      (kill-emacs 1))
    found))

(defun monitor-diagnostic (text)
  "Return the diagnostic whose message contains TEXT."
  (cl-find-if (lambda (own) (string-match-p (regexp-quote text) (flymake-diagnostic-text own)))
              (flymake-diagnostics)))

(define-derived-mode monitor-yaml-mode text-mode "YAML")
(setq eglot-server-programs `((monitor-yaml-mode . (,(getenv "OPENJD_MONITOR") "lsp")))
      eglot-sync-connect 30
      eglot-confirm-server-initiated-edits nil)

(find-file (car command-line-args-left))
(setq command-line-args-left nil)
(monitor-yaml-mode)
(apply #'eglot--connect (eglot--guess-contact))
(flymake-start)

(let ((mistake (monitor-wait "the template has no finding"
                             (lambda () (monitor-diagnostic "`failureTreshold` is not a field")))))
  (goto-char (flymake-diagnostic-beg mistake)))

;; The first action that is offered is the fix.
(cl-letf (((symbol-function 'completing-read)
           (lambda (_prompt actions &rest _)
             (if (consp (car actions)) (caar actions) (car actions))))
          ;; Not chosen with a mouse.
          (last-nonmenu-event ?a))
  (eglot-code-actions (point) (point) "quickfix" t))
(monitor-wait "the fix is not applied"
              (lambda () (save-excursion
                           (goto-char (point-min))
                           (search-forward "failureThreshold: 2" nil t))))
;; Batch Emacs is never idle, which is when Eglot tells the server.
(eglot--signal-textDocument/didChange)
(flymake-start)
(monitor-wait "the finding is still there"
              (lambda () (not (monitor-diagnostic "`failureTreshold` is not a field"))))
(eglot-shutdown (eglot-current-server))
(set-buffer-modified-p nil)
(message "eglot: a template was mended")
(kill-emacs 0)
