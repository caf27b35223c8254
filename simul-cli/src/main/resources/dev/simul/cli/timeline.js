'use strict';
(() => {
  const tip = document.getElementById('tip');
  const zoom = document.getElementById('zoom');
  let shown = null;

  const clock = ms => Math.floor(ms / 3600000) + ':' + String(Math.floor(ms / 60000) % 60).padStart(2, '0')
    + ':' + String(Math.floor(ms / 1000) % 60).padStart(2, '0');
  const time = (seconds, unit) => unit === 'clock' ? clock(Math.round(seconds * 1000))
    : unit === 'seconds' ? seconds.toFixed(3) + ' s' : (seconds * 1000).toFixed(1) + ' ms';
  const kind = rect => document.querySelector('.legend .' + rect.classList[0])?.parentNode.textContent ?? '';

  function describe(rect) {
    const unit = rect.ownerSVGElement.dataset.unit;
    const start = +rect.getAttribute('x'), length = +rect.getAttribute('width');
    const head = [rect.parentNode.dataset.row, rect.dataset.label].filter(Boolean).join(', ');
    const times = time(start, unit) + ' to ' + time(start + length, unit) + ' (' + time(length, unit) + ')';
    return [head, kind(rect), times, rect.dataset.detail].filter(Boolean).join('\n');
  }

  function show(rect, x, y) {
    shown?.classList.remove('on');
    shown = rect;
    rect.classList.add('on');
    tip.textContent = describe(rect);
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + 'px';
    tip.style.top = (y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 10) : y + 18) + 'px';
  }

  function hide() {
    shown?.classList.remove('on');
    shown = null;
    tip.hidden = true;
  }

  document.addEventListener('pointermove', event => {
    const rect = event.target.closest?.('svg rect');
    if (rect) show(rect, event.clientX, event.clientY);
    else if (event.pointerType === 'mouse') hide();
  });
  document.addEventListener('pointerdown', event => {
    const rect = event.target.closest?.('svg rect');
    if (rect) show(rect, event.clientX, event.clientY); else hide();
  });

  for (const lane of document.querySelectorAll('.lane .scroll')) {
    lane.addEventListener('blur', hide);
    lane.addEventListener('keydown', event => {
      if (event.key === 'Escape') return hide();
      const rows = [...lane.querySelectorAll('g')].filter(row => row.firstElementChild);
      const inside = shown && lane.contains(shown);
      const row = inside ? rows.indexOf(shown.parentNode) : 0;
      const spans = rows[row] ? [...rows[row].children] : [];
      const column = inside ? spans.indexOf(shown) : -1;
      const next = {
        ArrowRight: () => spans[Math.min(column + 1, spans.length - 1)],
        ArrowLeft: () => spans[Math.max(column - 1, 0)],
        ArrowDown: () => rows[Math.min(row + (inside ? 1 : 0), rows.length - 1)]?.firstElementChild,
        ArrowUp: () => rows[Math.max(row - 1, 0)]?.firstElementChild,
      }[event.key]?.();
      if (!next) return;
      event.preventDefault();
      next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const box = next.getBoundingClientRect();
      show(next, Math.min(box.left + box.width / 2, innerWidth), box.bottom);
    });
  }

  // Keeps each lane's left edge where it is, and shows finer marks the closer one looks.
  zoom.addEventListener('input', () => {
    const lanes = [...document.querySelectorAll('.lane .scroll')];
    const edges = lanes.map(lane => lane.scrollLeft / lane.scrollWidth);
    document.body.style.setProperty('--zoom', 2 ** zoom.value);
    if (zoom.value < 1.5) delete document.body.dataset.level;
    else document.body.dataset.level = zoom.value < 3 ? 1 : 2;
    lanes.forEach((lane, i) => { lane.scrollLeft = edges[i] * lane.scrollWidth; });
  });
})();
