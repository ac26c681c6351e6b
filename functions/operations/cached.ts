/** One answer for everybody who asks within a while, so that however many ask, the storage is asked once. */
import { clock } from '../platform/clock.ts';

/** `read`, asked again at the earliest `milliseconds` after it last answered. A failure is not kept. */
export function cached<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = Infinity;
  return () => {
    if (!answer || clock.now().getTime() >= until) {
      const asked = read();
      answer = asked;
      until = Infinity;
      asked.then(
        () => (until = clock.now().getTime() + milliseconds),
        () => {
          if (answer === asked) answer = undefined;
        },
      );
    }
    return answer;
  };
}
