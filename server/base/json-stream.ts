import type { Json } from './json.ts';

/** Values by name; rows that are many come one after the other, a page of them in memory at most. */
export type JsonParts = Readonly<Record<string, Json | AsyncIterable<Json>>>;

// So much is handed on at once.
const chunkLength = 16_384;

/** Writes parts that follow each other as one JSON object, piece by piece. Of a name that comes twice the last counts. */
export async function* writeJson(parts: AsyncIterable<JsonParts>): AsyncGenerator<string, void, undefined> {
  let text = '{';
  let isFirst = true;
  for await (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      text += `${isFirst ? '' : ','}\n${JSON.stringify(name)}: `;
      isFirst = false;
      if (!isStream(value)) {
        text += JSON.stringify(value, undefined, 1);
        continue;
      }
      let before = '[\n';
      for await (const row of value) {
        text += before + JSON.stringify(row);
        before = ',\n';
        if (text.length < chunkLength) continue;
        yield text;
        text = '';
      }
      text += before === '[\n' ? '[]' : '\n]';
    }
  }
  yield `${text}\n}\n`;
}

function isStream(value: Json | AsyncIterable<Json>): value is AsyncIterable<Json> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
