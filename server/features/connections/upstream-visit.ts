import { fetchUserInfo } from 'openid-client';
import type { Base } from '../../base/base.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { NetworkConnection } from './connection.ts';
import type { Visit } from './network.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { networkFailed, reasonOf } from './upstream-failure.ts';

/** What a provider reads one person's profile with, once the code is exchanged. */
export function openVisit(
  base: Pick<Base, 'log'>,
  connection: NetworkConnection,
  { config, fetch }: UpstreamClient,
  known: Pick<Visit, 'accessToken' | 'claims' | 'params' | 'granted' | 'readLikes'>,
): Visit {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${known.accessToken}`,
    'user-agent': 'Regulars',
  };
  return {
    ...known,
    async get(address, query = {}) {
      const url = new URL(address);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const options = { method: 'GET', headers, body: undefined, redirect: 'manual' } as const;
      const response = await fetch(url.href, options);
      if (response.status !== 200) throw networkFailed(`status ${response.status} at ${url.pathname}`);
      return parseJson(await response.text(), url.pathname);
    },
    async userinfo() {
      if (!config.serverMetadata().userinfo_endpoint) return {};
      return toJsonObject(await fetchUserInfo(config, known.accessToken, String(known.claims.sub)));
    },
    async optional(what, work) {
      try {
        return await work;
      } catch (error) {
        base.log.warn({ connection: connection.name, what, reason: reasonOf(error) }, 'a network told less');
        return undefined;
      }
    },
  };
}

function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw networkFailed(`no JSON at ${where}`);
  }
}

/** Any object of the library as plain JSON. */
export function toJsonObject(value: object): JsonObject {
  const json: Json = JSON.parse(JSON.stringify(value));
  return isJsonObject(json) ? json : {};
}
