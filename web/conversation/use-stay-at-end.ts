/**
 * Keeps the newest message in sight when the list gets less room: a keyboard or a banner appears, or the composer
 * grows. The virtual list follows what is appended, but not what shrinks around it.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, type RefObject } from 'react';

/** In pixels: closer to the end than this is at the end. */
export const endThreshold = 80;

const endIsNear = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean =>
  scrollHeight - scrollTop - clientHeight <= endThreshold;

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
      if (element.clientHeight === height) wasAtEnd = endIsNear(element);
    };
    const observer = new ResizeObserver(() => {
      if (element.clientHeight !== height && wasAtEnd) virtualizer.scrollToEnd();
      height = element.clientHeight;
    });
    // Before the list renders what comes into sight: what is read after that makes the browser lay it all out at once.
    element.addEventListener('scroll', note, { capture: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note, { capture: true });
      observer.disconnect();
    };
  }, [scroller, virtualizer]);
}
