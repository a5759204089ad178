// @bitrix24/b24jssdk, the official SDK for JavaScript, against a portal. `../peers.rs` starts both, from a folder with the package.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(`${process.cwd()}/package.json`)
const entry = require.resolve('@bitrix24/b24jssdk').replace('/dist/cjs/index.cjs', '/dist/esm/index.mjs')
const { B24Hook, B24OAuth, ApiVersion } = await import(pathToFileURL(entry))

const { env } = process
const portal = B24Hook.fromWebhookUrl(env.PORTAL_WEBHOOK)
// The bucket is large, so that the tests do not last as long as the limits of a real portal ask for.
const limits = portal.getHttpClient(ApiVersion.v2).getRestrictionManagerParams()
const rateLimit = { ...limits.rateLimit, burstLimit: 10_000, drainRate: 10_000 }
for (const version of [ApiVersion.v2, ApiVersion.v3]) {
  await portal.getHttpClient(version).setRestrictionManagerParams({ ...limits, rateLimit })
}
const origin = new URL(env.PORTAL_WEBHOOK).origin
const { v2, v3 } = portal.actions

const tasks = []
const task = (name, run) => tasks.push([name, run])

/** The result of one call; an error is thrown. */
async function call(method, params = {}, actions = v2) {
  const response = await actions.call.make({ method, params })
  if (!response.isSuccess) throw [...response.errors.values()][0]
  return response.getData().result
}

/** The error of one call. */
async function refused(method, params = {}, actions = v2) {
  try {
    await call(method, params, actions)
  } catch (error) {
    return error
  }
  assert.fail(`${method} has no error`)
}

const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

task('deal is created, read, updated and deleted', async () => {
  const deal = await call('crm.deal.add', { fields: { TITLE: 'Gate', OPPORTUNITY: 12.5 } })
  const row = await call('crm.deal.get', { id: deal })
  assert.deepEqual([row.ID, row.TITLE, row.OPPORTUNITY], [String(deal), 'Gate', '12.50'])
  assert.equal(await call('crm.deal.update', { id: deal, fields: { TITLE: 'Fence' } }), true)
  assert.deepEqual(await call('crm.deal.list', { filter: { ID: deal }, select: ['TITLE'] }), [{ ID: String(deal), TITLE: 'Fence' }])
  assert.equal(await call('crm.deal.delete', { id: deal }), true)
  assert.match((await refused('crm.deal.get', { id: deal })).message, /./)
})

task('contact is created, read, updated and deleted', async () => {
  const PHONE = [{ VALUE: '+15550100', VALUE_TYPE: 'WORK' }]
  const { item } = await call('crm.item.add', { entityTypeId: 3, fields: { name: 'Ada', fm: [{ typeId: 'PHONE', ...PHONE[0] }] } })
  assert.equal(item.name, 'Ada')
  const contact = await call('crm.contact.add', { fields: { NAME: 'Clara', PHONE } })
  assert.equal((await call('crm.contact.get', { id: contact })).PHONE[0].VALUE, '+15550100')
  await call('crm.contact.update', { id: contact, fields: { NAME: 'Greta' } })
  assert.equal((await call('crm.contact.get', { id: contact })).NAME, 'Greta')
  assert.equal(await call('crm.contact.delete', { id: contact }), true)
})

task('task is created, read, updated and deleted', async () => {
  const { task: { id } } = await call('tasks.task.add', { fields: { TITLE: 'Paint', RESPONSIBLE_ID: 1 } })
  await call('tasks.task.update', { taskId: id, fields: { TITLE: 'Paint twice' } })
  assert.equal((await call('tasks.task.get', { taskId: id })).task.title, 'Paint twice')
  const listed = await v2.callList.make({
    method: 'tasks.task.list', params: { select: ['ID', 'TITLE'] }, idKey: 'id', cursorIdKey: 'ID', customKeyForResult: 'tasks'
  })
  assert.deepEqual(listed.getData().map(row => row.id), [id])
  await call('tasks.task.delete', { taskId: id })
  await refused('tasks.task.get', { taskId: id })
})

task('task of REST 3', async () => {
  const { item } = await call('tasks.task.add', { fields: { title: 'Paint', responsibleId: 1, creatorId: 1 } }, v3)
  assert.equal((await call('tasks.task.get', { id: item.id, select: ['id', 'title'] }, v3)).item.title, 'Paint')
  await call('tasks.task.update', { id: item.id, fields: { title: 'Twice' } }, v3)
  const listed = await v3.callList.make({ method: 'tasks.task.list', params: { select: ['id', 'title'] }, customKeyForResult: 'items' })
  assert.deepEqual(listed.getData(), [{ id: item.id, title: 'Twice' }])
  const wrong = await refused('tasks.task.add', { fields: { title: 'x', colour: 1 } }, v3)
  assert.match(wrong.code, /^BITRIX_REST_V3_EXCEPTION_/)
  await call('tasks.task.delete', { id: item.id }, v3)
  assert.match((await refused('tasks.task.get', { id: item.id }, v3)).code, /ENTITYNOTFOUND/)
})

task('rows are listed in every way', async () => {
  const ids = numbers(1, 10_000)
  const listed = await v2.callList.make({ method: 'crm.deal.list', params: { select: ['ID'] } })
  assert.deepEqual(listed.getData().map(row => Number(row.ID)), ids)
  const fetched = []
  for await (const page of v2.fetchList.make({ method: 'crm.deal.list', params: { select: ['ID'] } })) {
    fetched.push(...page.map(row => Number(row.ID)))
  }
  assert.deepEqual(fetched, ids)
  const items = []
  const params = { entityTypeId: 4, select: ['id', 'title'] }
  for await (const page of v2.fetchList.make({ method: 'crm.item.list', params, idKey: 'id', customKeyForResult: 'items' })) {
    items.push(...page)
  }
  assert.equal(items.length, 0)
  let page = await v2.call.make({ method: 'crm.deal.list', params: { select: ['ID'], filter: { '<=ID': 120 } } })
  assert.equal(page.getTotal(), 120)
  const paged = [...page.getData().result]
  while (page.hasMore()) {
    page = await page.fetchNext(portal.getHttpClient(ApiVersion.v2))
    paged.push(...page.getData().result)
  }
  assert.deepEqual(paged.map(row => Number(row.ID)), numbers(1, 120))
  const chunks = await v2.batchByChunk.make({ calls: numbers(1, 120).map(id => ['crm.deal.get', { id }]) })
  assert.deepEqual(chunks.getData().map(row => Number(row.ID)), numbers(1, 120))
})

task('batches have results and errors', async () => {
  const named = await v2.batch.make({
    calls: {
      all: ['crm.deal.list', { filter: { '>ID': 41 }, start: -1 }],
      next: ['crm.deal.get', { id: '$result[all][0][ID]' }]
    }
  })
  assert.equal(named.getData().next.ID, '42')
  const partial = await v2.batch.make({
    calls: { none: ['crm.deal.get', { id: 999_999 }], first: { method: 'crm.deal.get', params: { id: 1 } } },
    options: { isHaltOnError: false, returnAjaxResult: true }
  })
  assert.equal(partial.getData().first.getData().result.ID, '1')
  const halted = await v2.batch.make({ calls: [['crm.deal.get', { id: 1 }], ['no.such.method', {}]], options: { isHaltOnError: true } })
  assert.equal(halted.isSuccess, false)
})

task('a limit is waited for', async () => {
  // The portal refuses the first two calls with 503.
  assert.deepEqual(await call('crm.company.list'), [])
  // And the first three calls, after which it gives up.
  assert.equal((await refused('crm.quote.list')).code, 'QUERY_LIMIT_EXCEEDED')
})

let application
task('an expired token is renewed', async () => {
  application = new B24OAuth({
    applicationToken: '', userId: 1, memberId: 'x',
    accessToken: env.PORTAL_ACCESS_TOKEN, refreshToken: env.PORTAL_REFRESH_TOKEN,
    expires: Math.floor(Date.now() / 1000) + 3600, expiresIn: 3600, scope: 'crm', status: 'L', issuer: 'request',
    domain: new URL(origin).host, clientEndpoint: `${origin}/rest/`, serverEndpoint: `${origin}/rest/`
  }, { clientId: env.PORTAL_CLIENT_ID, clientSecret: env.PORTAL_CLIENT_SECRET })
  let renewals = 0
  application.setCallbackRefreshAuth(async () => { renewals += 1 })
  const users = await Promise.all(numbers(1, 10).map(() => call('user.current', {}, application.actions.v2)))
  assert.deepEqual(users.map(user => user.ID), Array(10).fill('1'))
  // Responses to the expired token that arrive after a renewal make the SDK renew again.
  assert.ok(renewals >= 1 && renewals <= 10, `${renewals} renewals`)
  await application.initIsAdmin()
  assert.equal(application.auth.isAdmin, true)
})

task('an event arrives', async () => {
  let arrived
  const form = new Promise((resolve, reject) => {
    arrived = resolve
    setTimeout(() => reject(new Error('no event')), 10_000).unref()
  })
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    arrived(new URLSearchParams(Buffer.concat(chunks).toString()))
    response.end()
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const handler = `http://127.0.0.1:${server.address().port}/events`
  assert.equal(await call('event.bind', { event: 'ONCRMDEALADD', handler }, application.actions.v2), true)
  const deal = await call('crm.deal.add', { fields: { TITLE: 'Gate' } })
  const sent = await form
  assert.deepEqual([sent.get('event'), sent.get('data[FIELDS][ID]')], ['ONCRMDEALADD', String(deal)])
  assert.ok(sent.get('auth[application_token]'))
  await call('crm.deal.delete', { id: deal })
  server.close()
})

task('the portal describes itself', async () => {
  assert.equal((await portal.tools.healthCheck.make()), true)
  assert.ok((await portal.tools.ping.make()) >= 0)
  assert.equal((await call('profile')).ID, '1')
  assert.ok((await call('scope')).includes('crm'))
})

task('files come back', async () => {
  const content = Buffer.from(numbers(0, 255).flatMap(byte => Array(40).fill(byte)))
  const pair = ['pattern.bin', content.toString('base64')]
  const [storage] = await call('disk.storage.getlist')
  const file = await call('disk.folder.uploadfile', { id: storage.ROOT_OBJECT_ID, data: { NAME: pair[0] }, fileContent: pair })
  const { DOWNLOAD_URL } = await call('disk.file.get', { id: file.ID })
  const downloaded = Buffer.from(await (await fetch(DOWNLOAD_URL)).arrayBuffer())
  assert.ok(downloaded.equals(content), `${downloaded.length} bytes`)
})

let failed = 0
for (const [name, run] of tasks) {
  try {
    await run()
    console.log(`ok      ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAILED  ${name}\n${error?.stack ?? error}`)
  }
}
process.exit(failed ? 1 : 0)
