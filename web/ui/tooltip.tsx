/**
 * One tooltip for the whole page: anything with `data-tip` gets it on hover and on keyboard focus, in the top
 * layer, so that no scrolling list cuts it off. It repeats the accessible name, so it is hidden from readers.
 */
import { useEffect, useRef } from 'react';
import css from './tooltip.module.css';

const delay = 450;

export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tip = ref.current;
    if (tip === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = (): void => {
      clearTimeout(timer);
      if (tip.matches(':popover-open')) tip.hidePopover();
    };
    const plan = (event: Event): void => {
      hide();
      const anchor = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
      if (anchor === null || (event.type === 'focusin' && !anchor.matches(':focus-visible'))) return;
      timer = setTimeout(() => show(tip, anchor), delay);
    };
    const ends = ['pointerdown', 'keydown', 'scroll', 'focusout'];
    document.addEventListener('pointerover', plan);
    document.addEventListener('focusin', plan);
    for (const end of ends) document.addEventListener(end, hide, true);
    return () => {
      hide();
      document.removeEventListener('pointerover', plan);
      document.removeEventListener('focusin', plan);
      for (const end of ends) document.removeEventListener(end, hide, true);
    };
  }, []);
  return <div ref={ref} popover="manual" className={css['tip']} aria-hidden="true" />;
}

function show(tip: HTMLElement, anchor: Element): void {
  if (!anchor.isConnected) return;
  const keys = anchor.getAttribute('data-tip-keys');
  tip.textContent = anchor.getAttribute('data-tip');
  if (keys !== null) tip.append(Object.assign(document.createElement('kbd'), { textContent: keys }));
  tip.showPopover();
  const at = anchor.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = at.left + at.width / 2 - size.width / 2;
  const below = at.bottom + 6;
  tip.style.left = `${Math.max(6, Math.min(left, innerWidth - size.width - 6))}px`;
  tip.style.top = `${below + size.height > innerHeight ? at.top - size.height - 6 : below}px`;
}
