// The form of a resource: rows that come and go, choices from the fabric, and what saving will change in Git.
// Without it the rows that are there and the YAML can be edited and saved all the same.
'use strict';

(() => {
  const editors = document.getElementById('spec-editors');
  if (!editors) return;
  const form = editors.closest('form');
  const fields = document.getElementById('spec-fields');
  const yaml = form.querySelector('textarea[name="spec"]');
  const editor = editors.querySelector('input[name="editor"]');
  const preview = document.getElementById('spec-preview');
  const texts = editors.dataset;
  const PAUSE_MS = 600;

  const byName = (name) => (name ? form.querySelector(`[name="${CSS.escape(name)}"]`) : null);
  const valueOf = (name) => byName(name)?.value.trim() ?? '';
  const fabric = () => valueOf('fabric');

  async function ask(address, options = {}) {
    const answer = await fetch(address, {
      headers: { Accept: 'application/json' }, credentials: 'same-origin', ...options,
    });
    const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
    const body = isJson ? await answer.json() : {};
    if (!answer.ok) {
      const reasons = Object.values(body).flat().filter((reason) => typeof reason === 'string');
      throw new Error(reasons.join(' ') || `${texts.textFailed} (${answer.status})`);
    }
    return body;
  }

  // What is posted: one of the two editors, without the inputs that are empty. That a row is there, says its `was`.
  form.addEventListener('formdata', (event) => {
    const isTyped = editor.value === 'fields';
    for (const [name, value] of [...event.formData]) {
      const isField = name.startsWith('spec.') || name === 'spec_base';
      if (isField && (!isTyped || (value === '' && !name.endsWith('.was')))) event.formData.delete(name);
    }
    if (isTyped) event.formData.delete('spec');
  });

  // Rows

  let isAdding = false;

  function addRow(holder) {
    const list = holder.querySelector(':scope > [data-list]');
    const start = `${holder.dataset.rows}.`;
    const taken = [...list.querySelectorAll(':scope > [data-row] > .card-body > input[name$=".was"]')]
      .map((input) => Number.parseInt(input.name.slice(start.length), 10));
    const number = Math.max(-1, Number(holder.dataset.last ?? -1), ...taken) + 1;
    // A number is never used again: what was said about a row that is gone must not be said about a new one.
    holder.dataset.last = number;
    const html = holder.querySelector(':scope > template').innerHTML;
    const filled = document.createElement('template');
    filled.innerHTML = html.replaceAll(holder.dataset.mark, number);
    const row = filled.content.firstElementChild;
    list.append(row);
    // Who adds a row may want another one: the choices open once something is typed, and not over the button.
    isAdding = true;
    row.querySelector('input:not([type="hidden"]), select')?.focus();
    isAdding = false;
  }

  function removeRow(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const holder = row.closest('[data-rows]');
    row.remove();
    (next?.querySelector('input:not([type="hidden"])') ?? holder.querySelector(':scope > [data-add]')).focus();
  }

  function moveRow(row, button) {
    const other = button.dataset.move === 'up' ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    other[button.dataset.move === 'up' ? 'before' : 'after'](row);
    button.focus();
  }

  // Choices

  const popup = document.createElement('div');
  popup.className = 'dropdown-menu overflow-auto';
  popup.style.maxHeight = '18rem';
  popup.style.boxSizing = 'border-box';
  // NetBox's buttons stay at the foot of the window, and would cover it.
  popup.style.scrollMarginBottom = '5rem';
  popup.id = 'spec-offers';
  popup.setAttribute('role', 'listbox');
  let asking = null;
  let current = null;

  const lastOf = (input) => (input.dataset.many ? input.value.split(',').pop().trim() : input.value.trim());

  function offersOnPage(source, typed) {
    const start = `${source.slice('page:'.length)}.`;
    const keys = [...fields.querySelectorAll('input[name$=".key"]')]
      .filter((input) => input.name.startsWith(start) && !input.name.slice(start.length, -'.key'.length).includes('.'));
    return keys.map((input) => input.value.trim())
      .filter((key) => key.includes(typed)).map((key) => ({ value: key, note: '', is_used: false }));
  }

  async function offersFor(source, of, typed) {
    if (source.startsWith('page:')) return offersOnPage(source, typed);
    if (!fabric()) return [];
    const query = new URLSearchParams({ fabric: fabric(), source, of, typed, edited: texts.edited });
    return (await ask(`${texts.offersUrl}?${query}`)).offers;
  }

  async function openChoices(input, typed) {
    const asked = Symbol('asked');
    asking = asked;
    let found;
    let trouble = '';
    try {
      found = await offersFor(input.dataset.source, valueOf(input.dataset.of), typed);
    } catch (error) {
      found = [];
      trouble = error.message;
    }
    if (asking !== asked || document.activeElement !== input) return;
    current = input;
    popup.replaceChildren(...found.map(optionFor));
    if (!found.length) {
      const none = document.createElement('span');
      none.className = 'dropdown-item-text text-secondary';
      none.textContent = trouble || (fabric() ? texts.textNone : texts.textNoFabric);
      popup.append(none);
    }
    input.parentElement.classList.add('position-relative');
    input.after(popup);
    popup.style.left = `${input.offsetLeft}px`;
    popup.style.minWidth = `${input.offsetWidth}px`;
    popup.classList.add('show');
    popup.style.top = `${input.offsetTop + input.offsetHeight}px`;
    if (coversButton(input)) popup.style.top = `${input.offsetTop - popup.offsetHeight}px`;
    popup.scrollIntoView({ block: 'nearest' });
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', popup.id);
  }

  // Whether the choices lie on a button that adds a row beside the one they are for.
  function coversButton(input) {
    const ours = popup.getBoundingClientRect();
    for (let holder = input.closest('[data-rows]'); holder; holder = holder.parentElement.closest('[data-rows]')) {
      const its = holder.querySelector(':scope > [data-add]').getBoundingClientRect();
      if (ours.bottom > its.top && ours.top < its.bottom && ours.right > its.left && ours.left < its.right) return true;
    }
    return false;
  }

  function optionFor(offer, number) {
    const option = document.createElement('button');
    option.type = 'button';
    option.tabIndex = -1;
    option.id = `spec-offer-${number}`;
    option.className = 'dropdown-item';
    option.setAttribute('role', 'option');
    option.dataset.value = offer.value;
    option.append(offer.value);
    if (offer.is_used) option.classList.add('text-secondary');
    if (offer.note) {
      const note = document.createElement('small');
      note.className = 'ms-2 text-secondary';
      note.textContent = offer.note;
      // The blank keeps the two apart for who hears them.
      option.append(' ', note);
    }
    return option;
  }

  function closeChoices() {
    asking = null;
    popup.classList.remove('show');
    current?.setAttribute('aria-expanded', 'false');
    current?.removeAttribute('aria-activedescendant');
    current = null;
  }

  function choose(value) {
    const input = current;
    closeChoices();
    if (input.dataset.many) {
      const others = input.value.split(',').slice(0, -1).map((text) => text.trim());
      input.value = [...others, value].join(', ');
    } else {
      input.value = value;
    }
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function step(direction) {
    const options = [...popup.querySelectorAll('[role="option"]')];
    if (!options.length) return;
    const at = options.findIndex((option) => option.classList.contains('active'));
    const next = options[(at + direction + options.length) % options.length];
    options[at]?.classList.remove('active');
    next.classList.add('active');
    next.scrollIntoView({ block: 'nearest' });
    current.setAttribute('aria-activedescendant', next.id);
  }

  function onKey(event) {
    const input = event.target;
    if (!input.dataset?.source) return;
    const isOpen = current === input;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen) step(event.key === 'ArrowDown' ? 1 : -1);
      else openChoices(input, '');
    } else if (event.key === 'Enter' && isOpen) {
      const active = popup.querySelector('.active');
      event.preventDefault();
      if (active) choose(active.dataset.value);
      else closeChoices();
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      closeChoices();
    }
  }

  popup.addEventListener('mousedown', (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (option) choose(option.dataset.value);
  });

  // The next free value

  async function idOf(kind, name) {
    const found = await offersFor(kind, '', name);
    return found.find((offer) => offer.value === name)?.id;
  }

  async function addressFor(button) {
    const { nextFree, kind, namedBy, withoutId } = button.dataset;
    let id = '';
    let path = nextFree;
    if (!fabric()) throw new Error(texts.textNoFabric);
    if (kind && namedBy) {
      const name = valueOf(`spec.${namedBy}`) || 'default';
      id = await idOf(kind, name);
      if (!id) throw new Error(`${texts.textUnknown} ${kind} ${name}`);
    } else if (kind) {
      id = texts.editedId;
      if (!id) path = withoutId;
      if (!path) throw new Error(texts.textSaveFirst);
    }
    const role = valueOf('spec.role');
    if (path.includes('{role}') && !role) throw new Error(texts.textNoRole);
    return texts.apiUrl + path.replace('{id}', id).replace('{fabric}', fabric()).replace('{role}', encodeURIComponent(role));
  }

  // Only what is free for the whole page will do: another row may have been given the first one a moment ago.
  function pick(answer, input, { key, path }) {
    if (key === 'address') return answer.find((offer) => offer.path === path)?.address;
    const last = input.name.split('.').pop();
    const taken = new Set([...fields.querySelectorAll(`input[name$=".${CSS.escape(last)}"]`)].map((other) => other.value));
    return answer.map((offer) => String(offer[key])).find((value) => !taken.has(value));
  }

  async function fillNextFree(button) {
    const input = button.parentElement.querySelector('input');
    const problems = document.getElementById(`${input.id}_errors`);
    try {
      const value = pick(await ask(await addressFor(button)), input, button.dataset);
      if (value === undefined) throw new Error(texts.textNothingFree);
      input.value = value;
      problems.replaceChildren();
      input.dispatchEvent(new Event('change', { bubbles: true }));
    } catch (error) {
      const line = document.createElement('div');
      line.className = 'form-text text-danger';
      line.textContent = error.message;
      problems.replaceChildren(line);
    }
    input.focus();
  }

  // What saving will change

  let timer = 0;
  let asked = 0;
  let isRefused = false;
  let isSwitching = false;

  function check({ withFields = false } = {}) {
    const body = new FormData(form);
    if (withFields) body.set('with_fields', 'true');
    return ask(texts.previewUrl, { method: 'POST', body });
  }

  function line(text, className) {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    return element;
  }

  function colour(text) {
    if (text.startsWith('+++') || text.startsWith('---')) return 'text-secondary';
    return { '+': 'text-success', '-': 'text-danger', '@': 'text-info' }[text[0]] ?? '';
  }

  // What does not let it be saved. YAML has no fields that a problem could stand at, so all of them are listed.
  function obstacles({ problems, is_valid: isValid }) {
    // Null is no answer: what was refused is still refused, as far as anybody knows.
    if (isValid !== null) isRefused = !isValid;
    if (editor.value === 'yaml' && problems) {
      return Object.values(problems).flat().map(({ severity, path, message }) => (
        line(path ? `${path}: ${message}` : message, severity === 'error' ? 'text-danger' : 'text-warning')
      ));
    }
    return isRefused ? [line(texts.textRefused, 'text-danger')] : [];
  }

  function showDifference({ difference, errors, ...answer }) {
    const lines = preview.querySelector('[data-preview-lines]');
    const notes = preview.querySelector('[data-preview-notes]');
    preview.querySelector('[data-preview-path]').textContent = difference?.path ?? '';
    notes.replaceChildren(
      ...errors.map((text) => line(text, 'text-danger')),
      ...obstacles(answer),
      ...(difference?.notes ?? []).map((text) => line(text, 'text-secondary')),
    );
    lines.replaceChildren(...(difference?.lines ?? []).map((text) => line(text, colour(text))));
    lines.hidden = !difference?.lines.length;
  }

  function problemLine({ severity, rule, message }) {
    const isError = severity === 'error';
    const element = line('', `form-text ${isError ? 'text-danger' : 'text-warning'}`);
    const icon = document.createElement('i');
    icon.className = `mdi ${isError ? 'mdi-alert-circle' : 'mdi-alert'}`;
    icon.setAttribute('aria-hidden', 'true');
    element.dataset.problem = rule;
    element.append(icon, ` ${message}`);
    return element;
  }

  function showProblems(problems) {
    for (const place of fields.querySelectorAll('[id$="_errors"]')) {
      const id = place.id.slice(0, -'_errors'.length);
      const lines = (problems[id] ?? []).map(problemLine);
      const text = (elements) => elements.map((element) => element.textContent.trim()).join('|');
      // What stands there already is not announced again.
      if (text([...place.children]) !== text(lines)) place.replaceChildren(...lines);
      const hasErrors = Boolean(place.querySelector('.text-danger'));
      const input = document.getElementById(id);
      if (hasErrors) input?.setAttribute('aria-invalid', 'true');
      else input?.removeAttribute('aria-invalid');
      for (let lid = hasErrors && place.closest('details'); lid; lid = lid.parentElement.closest('details')) lid.open = true;
    }
  }

  async function update() {
    clearTimeout(timer);
    const number = ++asked;
    try {
      const answer = await check();
      // What was asked for before the last keystroke is out of date.
      if (number !== asked) return;
      showDifference(answer);
      if (editor.value === 'fields') showProblems(answer.problems);
    } catch (error) {
      if (number === asked) showDifference({ difference: null, errors: [error.message], is_valid: null });
    }
  }

  function updateSoon() {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE_MS);
  }

  // Two views of the same thing: what was entered in one of them is shown in the other.

  function show(name) {
    editor.value = name;
    for (const tab of editors.querySelectorAll('[data-editor]')) {
      const isShown = tab.dataset.editor === name;
      tab.classList.toggle('active', isShown);
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).style.display = isShown ? '' : 'none';
    }
  }

  async function switchTo(name) {
    if (editor.value === name || isSwitching) return;
    const trouble = document.getElementById('spec-editors-error');
    trouble.textContent = '';
    clearTimeout(timer);
    asked += 1;
    // What was entered in the meantime would be lost.
    const panel = document.getElementById(`spec-${editor.value}`);
    panel.inert = isSwitching = true;
    try {
      const answer = await check({ withFields: name === 'fields' });
      if (answer.yaml === null) {
        trouble.textContent = answer.yaml_error;
        if (editor.value === 'fields') showProblems(answer.problems);
      } else {
        if (name === 'yaml') yaml.value = answer.yaml;
        else fields.innerHTML = answer.fields;
        show(name);
      }
      showDifference(answer);
    } catch (error) {
      trouble.textContent = error.message;
    } finally {
      panel.inert = isSwitching = false;
    }
  }

  // Everything happens to rows that may not be there yet, so the editors listen for all of them.

  editors.addEventListener('click', (event) => {
    // The focus has opened them already, unless they were closed since, or never opened.
    if (event.target.dataset.source && asking === null) openChoices(event.target, '');
    const button = event.target.closest('button');
    if (!button) return;
    if ('add' in button.dataset) addRow(button.closest('[data-rows]'));
    else if ('remove' in button.dataset) removeRow(button.closest('[data-row]'));
    else if ('move' in button.dataset) moveRow(button.closest('[data-row]'), button);
    else if ('nextFree' in button.dataset) fillNextFree(button);
    else if ('editor' in button.dataset) switchTo(button.dataset.editor);
    else return;
    if ('add' in button.dataset || 'remove' in button.dataset || 'move' in button.dataset) updateSoon();
  });
  editors.addEventListener('keydown', (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const other = editors.querySelector(`[role="tab"]:not(#${tab.id})`);
      other.focus();
      switchTo(other.dataset.editor);
    }
    onKey(event);
  });
  editors.addEventListener('focusin', (event) => {
    if (event.target.dataset.source && !isAdding) openChoices(event.target, '');
  });
  editors.addEventListener('focusout', closeChoices);
  editors.addEventListener('input', (event) => {
    if (event.target.dataset.source) openChoices(event.target, lastOf(event.target));
  });
  editors.addEventListener('change', (event) => {
    const { variants } = event.target.dataset;
    if (!variants) return;
    for (const part of fields.querySelectorAll(`[data-variant="${CSS.escape(variants)}"]`)) {
      part.hidden = part.dataset.value !== event.target.value;
    }
  });
  form.addEventListener('input', updateSoon);
  form.addEventListener('change', updateSoon);
  preview.querySelector('[data-preview]').addEventListener('click', update);
  preview.hidden = false;
  show(editor.value);
  // Of something new there is nothing to say yet.
  if (texts.editedId) update();
})();
