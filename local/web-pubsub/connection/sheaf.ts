/**
 * Frames that leave a socket together. Sockets that are sent the same frames in the same order share one sheaf, so that
 * its bytes are put together once, however many they are.
 */
import type { Frame } from './frame.ts';

export class Sheaf {
  /** In bytes. */
  readonly length: number;
  readonly #before: Sheaf | undefined;
  readonly #frame: Frame;
  /** The one that was made last by adding a frame. */
  #longer: Sheaf | undefined;
  #bytes: Buffer | undefined;

  /** Without arguments: the one that all others begin with. */
  constructor(before?: Sheaf, frame: Frame = []) {
    this.#before = before;
    this.#frame = frame;
    this.length = before?.length ?? 0;
    for (const part of frame) this.length += part.length;
  }

  with(frame: Frame): Sheaf {
    if (!this.#longer || this.#longer.#frame !== frame) this.#longer = new Sheaf(this, frame);
    return this.#longer;
  }

  /** In one piece. */
  get bytes(): Buffer {
    return (this.#bytes ??= this.#join());
  }

  /** As they are, without a copy. */
  get parts(): Buffer[] {
    return Sheaf.#partsUpTo(this);
  }

  static #partsUpTo(last: Sheaf): Buffer[] {
    const frames: Frame[] = [];
    for (let sheaf: Sheaf | undefined = last; sheaf; sheaf = sheaf.#before) frames.push(sheaf.#frame);
    return frames.toReversed().flat();
  }

  #join(): Buffer {
    const [only, second] = this.#before?.length ? [] : this.#frame;
    return only && !second ? only : Buffer.concat(this.parts, this.length);
  }
}
