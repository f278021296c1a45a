import { Readable } from 'node:stream';

/** One event for a page that stays open. */
export type ServerEvent = { readonly id?: string; readonly event: string; readonly data: unknown };

// A reader that takes nothing for so long is let go: it comes again, and catches up.
const mostWaiting = 256 * 1024;

/**
 * Server-sent events (HTML Living Standard, 9.2): what is told to a page that stays open. It ends by itself when its
 * reader does not keep up.
 */
export class EventStream extends Readable {
  #mayTell: () => Promise<boolean> = async () => true;
  #isOver = false;

  constructor() {
    super({ highWaterMark: mostWaiting });
    // The headers leave with the first piece.
    this.push(': welcome\n\n');
  }

  override _read(): void {
    // Pieces come when something happens.
  }

  /** From now on this is asked before each event: at the first no it ends instead. */
  askBefore(mayTell: () => Promise<boolean>): void {
    this.#mayTell = mayTell;
  }

  /** Await it, for events come in the order in which they are told. */
  async tell({ id, event, data }: ServerEvent): Promise<void> {
    if (!(await this.#mayTell())) return this.finish();
    this.#write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Keeps connections open that are closed when nothing comes for a while. */
  beat(): void {
    this.#write(': \n\n');
  }

  /** Nothing more comes; the page may come again. */
  finish(): void {
    if (!this.destroyed && !this.#isOver) this.push(null);
    this.#isOver = true;
  }

  #write(text: string): void {
    if (this.destroyed || this.#isOver) return;
    if (this.readableLength + text.length > mostWaiting) this.destroy();
    else this.push(text);
  }
}
