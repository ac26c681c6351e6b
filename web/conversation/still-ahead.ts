/** Time that passes while something is on the screen. */
import { useEffect, useState } from 'react';

/** Whether a moment is still to come; known again when it has. */
export function useStillAhead(moment: string | undefined): boolean {
  const [now, setNow] = useState(() => Date.now());
  const left = moment === undefined ? 0 : Date.parse(moment) - now;
  useEffect(() => {
    if (left <= 0) return undefined;
    // Timers hold at most 24 days; looking once an hour is enough until then.
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left + 50, 3_600_000));
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0;
}
