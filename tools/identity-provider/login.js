/** The page where a tester chooses who to be. No password: everyone here is made up. */
export function loginRoutes(provider, file) {
  return async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (!/^\/interaction\/[\w-]+$/.test(pathname)) return false;

    let details;
    try {
      details = await provider.interactionDetails(request, response);
    } catch {
      show(response, 400, page('Innloggingen er utløpt', '<p>Gå tilbake til tjenesten og logg inn på nytt.</p>'));
      return true;
    }
    if (request.method === 'POST') await signIn(provider, file, request, response, details);
    else show(response, 200, choosePage(pathname, file.read().users ?? [], details.params.client_id));
    return true;
  };
}

async function signIn(provider, file, request, response, details) {
  const user = file.user(new URLSearchParams(await readForm(request)).get('user'));
  if (!user) {
    show(response, 400, page('Ukjent bruker', `<p><a href="/interaction/${details.uid}">Velg på nytt</a></p>`));
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: user.id } });
}

async function readForm(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 4096) throw new Error('the form is too large');
  }
  return text;
}

function choosePage(path, users, clientId) {
  const choices = users.map((user) => `
    <li><button name="user" value="${escape(user.id)}"><strong>${escape(user.name)}</strong>
      <span>${escape(user.description ?? '')}</span></button></li>`);
  return page('Velg hvem du er', `
    <p>Dette er en testinnlogging for <b>${escape(clientId)}</b>. Ingen av personene finnes.</p>
    <form method="post" action="${escape(path)}"><ul>${choices.join('')}</ul></form>`);
}

/** Asks before signing out; oidc-provider supplies the form. */
export function logoutPage(context, form) {
  context.body = page('Logg ut', `
    <p>Vil du logge ut av testinnloggingen?</p>${form}
    <button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Ja, logg ut</button>
    <button type="submit" form="op.logoutForm">Nei, bli værende</button>`);
}

function show(response, status, html) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(html);
}

function page(title, content) {
  return `<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – testinnlogging</title>
<style>
  body { font: 1.125rem/1.5 system-ui, sans-serif; color: #1e2b3c; background: #f4f5f6; margin: 0; }
  main { max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }
  ul { list-style: none; padding: 0; }
  button { font: inherit; color: inherit; text-align: left; background: #fff; border: 2px solid #0062ba;
    border-radius: .25rem; padding: .75rem 1rem; margin-bottom: .75rem; cursor: pointer; }
  li button { width: 100%; }
  button:hover { background: #e6f0f8; }
  button:focus-visible { outline: 3px solid #1e2b3c; outline-offset: 3px; }
  button span { display: block; }
</style>
</head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>`;
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
