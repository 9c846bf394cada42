// An authorization server that is not ours: oidc-provider with two grant types of its own making, password and token
// exchange, as its documentation asks for (registerGrantType). It is set up like the guide sets up a tenant.
//
// One line of JSON on stdin sets it up; it prints its issuer when it listens, and ends when stdin does:
//   format       how access tokens look: "opaque", or "jwt" (RFC 9068)
//   discovery    where its metadata is: "appended" to the issuer (OpenID Connect) or "inserted" (RFC 8414)
//   clients      id, secret, grants, scopes and lifetime of the tokens (seconds) of applications and agents
//   users        username, password and sub
//   privileges   agent, application, subjects (subs), permissions (empty: all scopes of the application)
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import querystring from 'node:querystring';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import Provider, { errors } from 'oidc-provider';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const [PATH, ALGORITHM, LARGEST_FORM] = ['/tenants/assistants', 'ES256', 50_000];

const input = createInterface({ input: process.stdin });
const setup = JSON.parse((await input[Symbol.asyncIterator]().next()).value);
process.stdin.on('end', () => process.exit(0));

const http = createServer();
await new Promise((listening) => { http.listen(0, '127.0.0.1', listening); });
const issuer = `http://127.0.0.1:${http.address().port}${PATH}`;
const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
const kid = randomUUID();

const provider = new Provider(issuer, {
  clients: setup.clients.map(({ id, secret, grants }) => ({
    client_id: id,
    client_secret: secret,
    grant_types: grants,
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: ALGORITHM,
  })),
  clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
  extraTokenClaims: ({ oidc }) => (
    oidc.params.grant_type === TOKEN_EXCHANGE ? { act: { sub: oidc.client.clientId } } : undefined
  ),
  enabledJWA: { idTokenSigningAlgValues: [ALGORITHM] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: mayIntrospect },
    revocation: { enabled: true },
    userinfo: { enabled: false },
  },
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: ALGORITHM, use: 'sig' }] },
  scopes: [...new Set(setup.clients.flatMap(({ scopes }) => scopes))],
});
const handles = new Map(); // the token that the provider knows, by the jti of the JWT that stands for it

provider.registerGrantType('password', password, ['username', 'password', 'scope']);
provider.registerGrantType(TOKEN_EXCHANGE, exchange, [
  'subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'resource', 'scope',
  'actor_token', 'actor_token_type',
]);
provider.use(withHandles);
http.on('request', mounted(provider.callback()));
console.log(issuer);

// --- the guide's two grants

async function password(ctx) {
  const { client, params } = ctx.oidc;
  const user = setup.users.find(({ username }) => username === params.username);
  if (!same(params.password ?? '', user?.password ?? randomUUID())) throw new errors.InvalidGrant('wrong user name or password');
  const scope = within(params.scope, registered(client.clientId).scopes);
  ctx.body = await issued(ctx, { sub: user.sub, audience: client.clientId, scope });
}

async function exchange(ctx) {
  const { client, params } = ctx.oidc;
  if (params.subject_token_type !== ACCESS_TOKEN) throw new errors.InvalidRequest('subject_token_type must be an access token');
  if ((params.requested_token_type ?? ACCESS_TOKEN) !== ACCESS_TOKEN) throw new errors.InvalidRequest('only access tokens are issued');
  if (params.actor_token !== undefined || params.actor_token_type !== undefined) throw new errors.InvalidRequest('the client is the actor');
  if (params.resource !== undefined) throw new errors.InvalidTarget('name the application as the audience');
  const subject = await provider.AccessToken.find(await handleOf(params.subject_token));
  if (!subject || subject.extra?.act) throw new errors.InvalidRequest('the subject token is not a valid token of a user');
  const privilege = privilegeFor(client.clientId, params.audience, subject.accountId);
  const permitted = privilege.permissions.length ? privilege.permissions : registered(privilege.application).scopes;
  const allowed = permitted.filter((scope) => subject.scopes.has(scope));
  ctx.body = {
    ...(await issued(ctx, {
      sub: subject.accountId,
      audience: privilege.application,
      scope: within(params.scope ?? allowed.join(' '), allowed),
      latest: subject.exp,
    })),
    issued_token_type: ACCESS_TOKEN,
  };
}

function privilegeFor(agent, application, subject) {
  const found = setup.privileges.filter((privilege) => privilege.agent === agent && privilege.application === application);
  if (!found.length) throw new errors.InvalidTarget('no privilege on this audience');
  const covering = found.find(({ subjects }) => subjects.includes(subject));
  if (!covering) throw new errors.InvalidGrant('no privilege for this user');
  return covering;
}

function registered(clientId) {
  return setup.clients.find(({ id }) => id === clientId);
}

function within(scope, allowed) {
  const asked = [...new Set((scope ?? '').split(' ').filter(Boolean))];
  if (!asked.length || !asked.every((each) => allowed.includes(each))) throw new errors.InvalidScope('none, or one that is not allowed', scope);
  return asked.join(' ');
}

function same(one, other) {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(String(text)).digest());
  return timingSafeEqual(a, b);
}

// --- tokens

async function issued(ctx, { sub, audience, scope, latest = Infinity }) {
  const { client } = ctx.oidc;
  const expiresIn = Math.min(registered(client.clientId).lifetime, latest - Math.floor(Date.now() / 1000));
  const token = new provider.AccessToken({
    accountId: sub, client, scope, aud: audience, gty: ctx.oidc.params.grant_type, expiresIn,
  });
  const handle = await token.save();
  const access_token = setup.format === 'jwt' ? await signed(token, handle) : handle;
  return { access_token, token_type: token.tokenType, expires_in: token.expiration, scope };
}

async function signed(token, handle) {
  const stored = await provider.AccessToken.find(handle);
  const jti = randomUUID();
  handles.set(jti, handle);
  return new SignJWT({ client_id: token.clientId, scope: token.scope, ...token.extra })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'at+jwt' })
    .setIssuer(issuer).setSubject(token.accountId).setAudience(token.aud).setJti(jti)
    .setIssuedAt(stored.iat).setExpirationTime(stored.exp)
    .sign(privateKey);
}

async function handleOf(token) {
  if (setup.format !== 'jwt') return token;
  try {
    const { payload } = await jwtVerify(token, publicKey, { issuer, algorithms: [ALGORITHM], typ: 'at+jwt' });
    return handles.get(payload.jti);
  } catch {
    return undefined;
  }
}

function mayIntrospect(ctx, client, token) {
  return [token.clientId, token.aud].includes(client.clientId);
}

// --- HTTP

// oidc-provider introspects and revokes only tokens that it looks up: a JWT is replaced by what it stands for.
async function withHandles(ctx, next) {
  const size = ctx.request.length ?? Infinity;
  const lookedUp = ctx.method === 'POST' && ['/token/introspection', '/token/revocation'].includes(ctx.path);
  if (setup.format === 'jwt' && lookedUp && ctx.is('urlencoded') && size <= LARGEST_FORM) {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    ctx.req.body = querystring.parse(Buffer.concat(chunks).toString());
    if (typeof ctx.req.body.token === 'string' && ctx.req.body.token) ctx.req.body.token = (await handleOf(ctx.req.body.token)) ?? 'unknown';
  }
  return next();
}

function mounted(callback) {
  const [appended, inserted] = ['/.well-known/openid-configuration', `/.well-known/oauth-authorization-server${PATH}`];
  return (request, response) => {
    const [path, query] = request.url.split(/(?=\?)/);
    const metadata = setup.discovery === 'inserted' ? inserted : PATH + appended;
    const wanted = path === metadata ? PATH + appended : path;
    const hidden = path !== metadata && wanted === PATH + appended;
    if (hidden || !wanted.startsWith(`${PATH}/`)) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not_found"}');
      return;
    }
    request.originalUrl = wanted + (query ?? '');
    request.url = request.originalUrl.slice(PATH.length);
    callback(request, response);
  };
}
