// Keeps the list of submissions fresh. Without this script the page is the same, as of when it was loaded.
(() => {
  const live = document.querySelector('[data-live]');
  const status = document.querySelector('[data-live-status]');
  if (!live || !status) return;

  const every = 5000;
  let paused = false;
  let waiting = 0;

  const text = document.createElement('span');
  text.setAttribute('role', 'status');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ds-button';
  button.dataset.variant = 'tertiary';
  button.dataset.size = 'sm';
  status.append(text, button);
  status.hidden = false;

  // What moves by itself must be possible to stop (WCAG 2.2.2).
  button.addEventListener('click', () => {
    paused = !paused;
    show();
    plan();
  });
  document.addEventListener('visibilitychange', plan);

  function show() {
    text.textContent = paused ? status.dataset.off : status.dataset.on;
    button.textContent = paused ? status.dataset.resume : status.dataset.stop;
  }

  function plan() {
    clearTimeout(waiting);
    if (!paused && !document.hidden) waiting = setTimeout(refresh, every);
  }

  async function refresh() {
    try {
      const answer = await fetch(location.href, { redirect: 'manual', headers: { accept: 'text/html' } });
      if (answer.type === 'opaqueredirect') {
        text.textContent = status.dataset.ended;
        button.hidden = true;
        return;
      }
      if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      text.textContent = status.dataset.lost;
    }
    plan();
  }

  function replace(fresh) {
    const next = fresh.querySelector('[data-live]');
    if (!next || next.innerHTML === live.innerHTML) return;
    const focused = live.contains(document.activeElement) ? document.activeElement.id : '';
    live.replaceChildren(...next.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (text.textContent === status.dataset.lost) show();
  }

  show();
  plan();
})();
