// oidc-provider with the password grant and token exchange (RFC 8693), added in the way that its documentation describes
// for custom grants. PORT and ALG (ES256, RS256) come from the environment. FORMAT=opaque issues reference tokens.
// It refuses to introspect JWT access tokens at its own endpoint: /introspect-jwt verifies them on the same Koa app.
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider from 'oidc-provider';

const { PORT, ALG = 'ES256', FORMAT = 'jwt' } = process.env;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const users = new Map([['barbara.jensen', { password: 'Passw0rd!', sub: '2199ef22-7927-4ecf-8345-ee58df8f6328' }]]);
const issuer = `http://127.0.0.1:${PORT}`;

const pair = await generateKeyPair(ALG, { extractable: true });
const keys = [{ ...(await exportJWK(pair.privateKey)), kid: 'signing', alg: ALG, use: 'sig' }];
if (ALG !== 'RS256') { // a provider needs an RS256 key for ID tokens, whatever signs its access tokens
  const rsa = await generateKeyPair('RS256', { extractable: true });
  keys.push({ ...(await exportJWK(rsa.privateKey)), kid: 'rsa', alg: 'RS256', use: 'sig' });
}

function client(id, secret, grant) {
  return { client_id: id, client_secret: secret, grant_types: [grant], redirect_uris: [], response_types: [],
    token_endpoint_auth_method: 'client_secret_post' };
}

const provider = new Provider(issuer, {
  jwks: { keys },
  scopes: ['openid', 'read-data', 'write-data'],
  clients: [client('application', 'application-secret', 'password'), client('agent', 'agent-secret', EXCHANGE)],
  clientAuthMethods: ['client_secret_post'],
  ttl: { AccessToken: 3600 },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
});

async function issue(ctx, sub, scope, audience, gty, extra) {
  const token = new provider.AccessToken({ accountId: sub, client: ctx.oidc.client, scope, gty, extra });
  if (FORMAT === 'jwt') {
    token.resourceServer = new provider.ResourceServer(audience, {
      audience, scope, accessTokenFormat: 'jwt', jwt: { sign: { alg: ALG } },
    });
  }
  return { access_token: await token.save(), token_type: 'Bearer', expires_in: 3600, scope };
}

async function subjectOf(value) {
  if (FORMAT === 'jwt') return (await jwtVerify(value, pair.publicKey, { issuer, algorithms: [ALG] })).payload;
  const token = await provider.AccessToken.find(value);
  return { sub: token.accountId, scope: token.scope };
}

function refuse(ctx, status, error) {
  ctx.status = status;
  ctx.body = { error };
}

provider.registerGrantType('password', async (ctx) => {
  const { username, password, scope } = ctx.oidc.params;
  const user = users.get(username);
  if (user?.password !== password) return refuse(ctx, 400, 'invalid_grant');
  ctx.body = await issue(ctx, user.sub, scope, ctx.oidc.client.clientId, 'password', {});
}, ['username', 'password', 'scope']);

provider.registerGrantType(EXCHANGE, async (ctx) => {
  const { subject_token: value, audience, scope } = ctx.oidc.params;
  let subject;
  try { subject = await subjectOf(value); } catch { return refuse(ctx, 400, 'invalid_grant'); }
  const held = new Set(subject.scope.split(' '));
  if (!scope.split(' ').every((one) => held.has(one))) return refuse(ctx, 400, 'invalid_scope');
  const act = { sub: ctx.oidc.client.clientId };
  const issued = await issue(ctx, subject.sub, scope, audience, EXCHANGE, { act });
  ctx.body = { ...issued, issued_token_type: ACCESS_TOKEN };
}, ['subject_token', 'subject_token_type', 'audience', 'scope']);

provider.use(async (ctx, next) => {
  if (ctx.path !== '/introspect-jwt') return next();
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const asking = await provider.Client.find(form.get('client_id'));
  if (asking?.clientSecret !== form.get('client_secret')) return refuse(ctx, 401, 'invalid_client');
  try {
    const { payload } = await jwtVerify(form.get('token'), pair.publicKey, { issuer, algorithms: [ALG] });
    ctx.body = { active: true, ...payload };
  } catch {
    ctx.body = { active: false };
  }
});

provider.listen(Number(PORT), '127.0.0.1');
