import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** An error as the Graph API tells it; `type` is OAuthException if left out. */
export interface GraphError {
  message: string;
  code: number;
  subcode?: number | undefined;
  type?: 'OAuthException' | 'GraphMethodException';
}

/** Answers 400 in the Graph API's error shape ("Handle Errors"). */
export function sendGraphError(reply: FastifyReply, error: GraphError): FastifyReply {
  const type = error.type ?? 'OAuthException';
  if (error.code === 190) {
    reply.header('www-authenticate', 'OAuth "Facebook Platform" "invalid_token" "The access token is not valid"');
  }
  return reply.code(400).send({
    error: {
      message: error.message,
      type,
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      fbtrace_id: `A${randomBytes(8).toString('base64url')}`,
    },
  });
}
