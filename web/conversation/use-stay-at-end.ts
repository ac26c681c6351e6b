/**
 * Keeps the newest message in sight when the list gets less room: a keyboard or a banner appears, or the composer
 * grows. The virtual list follows what is appended, but not what shrinks around it.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, type RefObject } from 'react';

export function useStayAtEnd(
  scroller: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLElement, Element>,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let wasAtEnd = true;
    let height = element.clientHeight;
    const note = (): void => {
      // A scroll that the browser makes because the list became smaller or larger says nothing of the reader.
      if (element.clientHeight === height) wasAtEnd = virtualizer.isAtEnd();
    };
    const observer = new ResizeObserver(() => {
      if (element.clientHeight !== height && wasAtEnd) virtualizer.scrollToEnd();
      height = element.clientHeight;
    });
    element.addEventListener('scroll', note);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [scroller, virtualizer]);
}
