// Passkeys on the customers' pages. Without this file, and in browsers without passkeys, the forms below stay hidden and
// the pages work as they are. It knows two forms: `data-passkey="use"` signs in, `data-passkey="create"` makes one.

const refreshMs = 9 * 60_000; // before the challenge of ten minutes is too old
let autofill; // the request that waits in the browser's autofill list

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const withIds = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

/** What the server wants, with bytes for base64url. */
function toOptions({ challenge, user, allowCredentials, excludeCredentials, ...rest }) {
  return {
    ...rest,
    challenge: toBytes(challenge),
    ...(user && { user: { ...user, id: toBytes(user.id) } }),
    ...(allowCredentials && { allowCredentials: withIds(allowCredentials) }),
    ...(excludeCredentials && { excludeCredentials: withIds(excludeCredentials) }),
  };
}

/** What the authenticator says, with base64url for bytes. */
function toJson({ id, rawId, type, response }) {
  const said = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) said[name] = toText(response[name]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({ id, rawId: toText(rawId), type, response: said });
}

function send(form, credential) {
  form.elements.credential.value = toJson(credential);
  form.submit();
}

async function askOptions(form) {
  const body = new URLSearchParams(new FormData(form));
  body.delete('credential');
  const answer = await fetch(form.dataset.options, { method: 'POST', body });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return toOptions(await answer.json());
}

/** Lets the browser offer passkeys where the address is typed; asks for a new challenge in time. */
async function offer(form) {
  if (!document.querySelector('input[autocomplete~="webauthn"]')) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  for (;;) {
    const request = new AbortController();
    autofill = request;
    const timer = setTimeout(() => request.abort('refresh'), refreshMs);
    try {
      const publicKey = await askOptions(form);
      if (request.signal.aborted) return;
      return send(form, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: request.signal }));
    } catch {
      if (request.signal.reason !== 'refresh') return;
    } finally {
      clearTimeout(timer);
    }
  }
}

function say(form, error) {
  const place = form.querySelector('[role="alert"]');
  const { cancelled, known, failed } = place.dataset;
  place.textContent = { NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known }[error.name] ?? failed;
  place.hidden = false;
}

function run(form, ceremony) {
  let isRunning = false;
  form.hidden = form.dataset.button === 'none';
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isRunning) return;
    isRunning = true;
    form.querySelector('[role="alert"]').hidden = true;
    try {
      send(form, await ceremony());
    } catch (error) {
      say(form, error);
      if (form.dataset.passkey === 'use') offer(form);
    }
    isRunning = false;
  });
}

if (globalThis.PublicKeyCredential && globalThis.isSecureContext) {
  for (const form of document.querySelectorAll('form[data-passkey="use"]')) {
    run(form, async () => {
      autofill?.abort();
      // No options: the page is over, or signed in by another tab. Sent as it is, the form leads on from there.
      const publicKey = await askOptions(form).catch(() => form.submit());
      return navigator.credentials.get({ publicKey });
    });
    offer(form);
  }
  for (const form of document.querySelectorAll('form[data-passkey="create"]')) {
    run(form, () => navigator.credentials.create({ publicKey: toOptions(JSON.parse(form.dataset.options)) }));
  }
  for (const part of document.querySelectorAll('[data-passkey="shown"]')) part.hidden = false;
} else {
  for (const part of document.querySelectorAll('[data-passkey="missing"]')) part.hidden = false;
}
