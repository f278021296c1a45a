import type pg from 'pg';

/** What the database answers a statement with, as it has described it once. */
type Shape = {
  readonly names: readonly string[];
  readonly parsers: readonly ReturnType<pg.ClientBase['getTypeParser']>[];
};
type Texts = readonly (string | null)[];
type Settle<Row> = (error: Error | undefined, rows: Row[]) => void;

/**
 * A named statement, planned once per connection. The first time on a connection it is the driver's own query, which
 * also asks what the rows look like; a plan's columns never change, so from then on only values and rows are on the
 * way.
 */
export class Prepared<Row extends pg.QueryResultRow> {
  readonly #name: string;
  readonly #text: string;
  readonly #shapes = new WeakMap<pg.ClientBase, Shape>();

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  /** Runs it on a connection of the pool, which gets it back; after an error it is closed. */
  async run(pool: pg.Pool, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.#runOn(pool, values);
    } catch (error) {
      // Where it was asked says more than where the answer was read.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }

  #runOn(pool: pg.Pool, values: readonly unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      pool.connect((refused, client, release) => {
        if (!client) return reject(refused);
        client.on('error', toldByQuery);
        const settle: Settle<Row> = (error, rows) => {
          client.off('error', toldByQuery);
          release(error);
          if (error) reject(error);
          else resolve(rows);
        };
        try {
          this.#send(client, values, settle);
        } catch (error) {
          settle(error instanceof Error ? error : new Error(String(error)), []);
        }
      });
    });
  }

  #send(client: pg.PoolClient, values: readonly unknown[], settle: Settle<Row>): void {
    const shape = this.#shapes.get(client);
    const sent = shape && toWire(values);
    if (sent) {
      client.query(new Run<Row>(this.#name, sent, shape, settle));
      return;
    }
    const query = { name: this.#name, text: this.#text, values: [...values] };
    client.query<Row>(query, (error: Error | null, result) => {
      if (error) return settle(error, []);
      this.#shapes.set(client, shapeOf(client, result.fields));
      settle(undefined, result.rows);
    });
  }
}

// A connection that is lost tells its query, too.
function toldByQuery(): void {}

/** One run of a statement that the connection has planned; the driver calls what its `Query` has. */
class Run<Row> implements pg.Submittable {
  /** The name of the statement, for who watches the connection. */
  readonly statement: string;
  callback: Settle<Row>;
  readonly #values: Wire[];
  readonly #shape: Shape;
  readonly #rows: Row[] = [];
  #unreadable: Error | undefined;

  constructor(name: string, values: Wire[], shape: Shape, callback: Settle<Row>) {
    this.statement = name;
    this.#values = values;
    this.#shape = shape;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    connection.stream.write(messages(this.statement, this.#values));
  }

  handleDataRow({ fields }: { fields: Texts }): void {
    try {
      this.#rows.push(toRow(this.#shape, fields));
    } catch (error) {
      this.#unreadable ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  handleReadyForQuery(): void {
    this.callback(this.#unreadable, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(error, []);
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}

function shapeOf(client: pg.ClientBase, fields: readonly pg.FieldDef[]): Shape {
  return {
    names: fields.map(({ name }) => name),
    parsers: fields.map(({ dataTypeID }) => client.getTypeParser(dataTypeID, 'text')),
  };
}

function toRow<Row>({ names, parsers }: Shape, texts: Texts): Row {
  const row = Object.create(Object.prototype);
  for (const [place, name] of names.entries()) {
    const text = texts[place] ?? null;
    row[name] = text === null ? null : parsers[place]?.(text);
  }
  return row;
}

type Wire = string | Buffer | null;

// Execute without a limit of rows, then Sync.
const execute = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4]);

/** Bind, Execute and Sync in one piece: values and rows as text, but bytes as they are. */
function messages(name: string, values: readonly Wire[]): Buffer {
  const lengths = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const length = lengths.reduce((sum, one) => sum + 6 + one, 4 + 1 + name.length + 1 + 2 + 2 + 2);
  const out = Buffer.allocUnsafe(1 + length + execute.length);
  out[0] = 0x42;
  let at = out.writeInt32BE(length, 1);
  out[at] = 0; // the unnamed portal
  at += 1 + out.write(name, at + 1, 'latin1');
  out[at] = 0;
  at = out.writeInt16BE(values.length, at + 1);
  for (const value of values) at = out.writeInt16BE(value instanceof Buffer ? 1 : 0, at);
  at = out.writeInt16BE(values.length, at);
  for (const [place, value] of values.entries()) {
    at = out.writeInt32BE(value === null ? -1 : (lengths[place] ?? 0), at);
    if (typeof value === 'string') at += out.write(value, at);
    else if (value) at += value.copy(out, at);
  }
  at = out.writeInt16BE(0, at);
  execute.copy(out, at);
  return out;
}

/** As the driver writes them; undefined where only it knows how. */
function toWire(values: readonly unknown[]): Wire[] | undefined {
  const wire: Wire[] = [];
  for (const value of values) {
    if (value === null || value === undefined) wire.push(null);
    else if (typeof value === 'string') wire.push(value);
    else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
      wire.push(`${value}`);
    else if (value instanceof Buffer) wire.push(value);
    else if (value instanceof Date && isOfThisEra(value)) wire.push(value.toISOString());
    else return undefined;
  }
  return wire;
}

function isOfThisEra(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year > 0 && year < 10_000;
}
