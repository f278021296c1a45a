import type { FastifyRequest } from 'fastify';

/** The token of an `Authorization: Bearer` header (RFC 6750 2.1). */
export function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}
