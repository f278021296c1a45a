import type { Client } from './api.ts';

/** What a snippet is filled with: the portal's real values. */
export type Values = {
  readonly issuer: string;
  readonly host: string;
  readonly clientId: string;
  readonly callback: string;
  readonly origin: string;
};
export type Snippet = {
  readonly name: string;
  readonly install: string;
  readonly code: (values: Values) => string;
};

const secretPlace = 'CLIENT_SECRET';

const spa: readonly Snippet[] = [
  {
    name: 'JavaScript',
    install: 'npm install @auth0/auth0-spa-js',
    code: ({ issuer, clientId, callback, origin }) => `import { createAuth0Client } from '@auth0/auth0-spa-js';

const auth = await createAuth0Client({
  domain: '${issuer.slice(0, -1)}',
  clientId: '${clientId}',
  useRefreshTokens: true,
  authorizationParams: { redirect_uri: '${callback}' },
});

// the button "Sign in"
await auth.loginWithRedirect();
// at ${callback}
await auth.handleRedirectCallback();
const customer = await auth.getUser();
// the button "Sign out"
await auth.logout({ logoutParams: { returnTo: '${origin}' } });`,
  },
  {
    name: 'React',
    install: 'npm install @auth0/auth0-react',
    code: ({ issuer, clientId, callback }) => `import { Auth0Provider, useAuth0 } from '@auth0/auth0-react';

createRoot(document.getElementById('root')).render(
  <Auth0Provider
    domain="${issuer.slice(0, -1)}"
    clientId="${clientId}"
    useRefreshTokens
    authorizationParams={{ redirect_uri: '${callback}' }}
  >
    <App />
  </Auth0Provider>,
);

function App() {
  const { isAuthenticated, user, loginWithRedirect } = useAuth0();
  return isAuthenticated ? <p>{user.name}</p> : <button onClick={() => loginWithRedirect()}>Sign in</button>;
}`,
  },
];

const server: readonly Snippet[] = [
  {
    name: 'Express',
    install: 'npm install express express-openid-connect',
    code: ({ issuer, clientId, origin }) => `import express from 'express';
import { auth, requiresAuth } from 'express-openid-connect';

const app = express();
app.use(
  auth({
    issuerBaseURL: '${issuer.slice(0, -1)}',
    baseURL: '${origin}',
    clientID: '${clientId}',
    clientSecret: process.env.${secretPlace},
    secret: process.env.COOKIE_SECRET, // 32 random bytes of your own
    authRequired: false,
    authorizationParams: { response_type: 'code' },
  }),
);
app.get('/me', requiresAuth(), (request, response) => response.send(request.oidc.user));
app.listen(3000);`,
  },
  {
    name: 'Next.js',
    install: 'npm install @auth0/nextjs-auth0',
    code: ({ host, clientId, origin }) => `# .env.local (callback: ${origin}/auth/callback)
AUTH0_DOMAIN=${host}
AUTH0_CLIENT_ID=${clientId}
AUTH0_CLIENT_SECRET=${secretPlace}
AUTH0_SECRET=   # openssl rand -hex 32
APP_BASE_URL=${origin}

// lib/auth0.ts
import { Auth0Client } from '@auth0/nextjs-auth0/server';
export const auth0 = new Auth0Client();

// middleware.ts
import { auth0 } from './lib/auth0';
export const middleware = (request) => auth0.middleware(request);

// in a page: <a href="/auth/login">Sign in</a>
const session = await auth0.getSession();`,
  },
  {
    name: 'Node (OpenID)',
    install: 'npm install openid-client',
    code: ({ issuer, clientId, callback }) => `import * as client from 'openid-client';

const config = await client.discovery(new URL('${issuer}'), '${clientId}', process.env.${secretPlace});

// to the sign-in
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: '${callback}',
  scope: 'openid profile email',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
});

// back at ${callback}
const tokens = await client.authorizationCodeGrant(config, currentUrl, {
  pkceCodeVerifier: verifier,
  expectedState: state,
});
console.log(tokens.claims());`,
  },
  {
    name: 'PHP',
    install: 'composer require jumbojett/openid-connect-php',
    code: ({ issuer, clientId, callback }) => `<?php
require 'vendor/autoload.php';

$oidc = new Jumbojett\\OpenIDConnectClient('${issuer}', '${clientId}', getenv('${secretPlace}'));
$oidc->setRedirectURL('${callback}');
$oidc->addScope(['openid', 'profile', 'email']);
$oidc->setCodeChallengeMethod('S256');
$oidc->authenticate();

echo htmlspecialchars($oidc->requestUserInfo('name'));`,
  },
  {
    name: 'Python (Authlib)',
    install: 'pip install flask authlib requests',
    code: ({ issuer, clientId, callback }) => `import os
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = os.environ["COOKIE_SECRET"]
regulars = OAuth(app).register(
    "regulars",
    server_metadata_url="${issuer}.well-known/openid-configuration",
    client_id="${clientId}",
    client_secret=os.environ["${secretPlace}"],
    client_kwargs={
        "scope": "openid profile email",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_post",
    },
)

@app.get("/sign-in")
def sign_in():
    return regulars.authorize_redirect("${callback}")

@app.get("${pathOf(callback)}")
def callback():
    session["customer"] = regulars.authorize_access_token()["userinfo"]
    return redirect("/")`,
  },
  {
    name: 'Spring Boot',
    install: 'implementation("org.springframework.boot:spring-boot-starter-oauth2-client")',
    code: ({ issuer, clientId, origin }) => `# application.yml
# callback: ${origin}/login/oauth2/code/regulars
spring:
  security:
    oauth2:
      client:
        registration:
          regulars:
            client-id: ${clientId}
            client-secret: \${${secretPlace}}
            client-authentication-method: client_secret_post
            scope: [openid, profile, email]
        provider:
          regulars:
            issuer-uri: ${issuer}`,
  },
];

const native: readonly Snippet[] = [
  {
    name: 'Any OpenID library',
    install: '',
    code: ({ issuer, clientId, callback }) => `issuer        ${issuer}
discovery     ${issuer}.well-known/openid-configuration
client id     ${clientId}
redirect      ${callback}
flow          authorization code with PKCE (S256), no secret
scope         openid profile email offline_access`,
  },
];

const machine: readonly Snippet[] = [
  {
    name: 'curl',
    install: '',
    code: ({ issuer, clientId }) => `curl -s ${issuer}oauth/token \\
  -d grant_type=client_credentials \\
  -d client_id=${clientId} \\
  -d client_secret="$${secretPlace}" \\
  -d audience=YOUR_API`,
  },
];

/** The snippets that fit a portal, with its values; a callback of its own kind where it has none yet. */
export function snippetsOf(portal: Client, issuer: string): { name: string; install: string; code: string }[] {
  const callback = portal.callbacks[0] ?? 'https://shop.example/callback';
  const { origin } = new URL(callback);
  const values: Values = {
    issuer,
    host: new URL(issuer).host,
    clientId: portal.client_id,
    callback,
    origin: origin === 'null' ? callback : origin,
  };
  const fitting = { spa, regular_web: server, native: [...native, ...spa], non_interactive: machine }[portal.app_type];
  return fitting.map(({ name, install, code }) => ({ name, install, code: code(values) }));
}

function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}
