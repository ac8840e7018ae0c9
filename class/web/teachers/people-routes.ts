import { Router, type Request, type Response } from 'express'
import { stringify } from 'csv-stringify/sync'
import { PageError, notFound, sendPage } from '../../../server/for-class.ts'
import { inTransaction } from '../../../store/postgres/in-transaction.ts'
import { readNames } from '../../people/read-names.ts'
import {
  addPeople,
  findPerson,
  issueNewCode,
  listPeople,
  removePerson,
  revokeCode,
  type Card,
  type Person,
} from '../../people/roster.ts'
import { exportPerson } from '../../export/export-person.ts'
import { submissionsOf } from '../../people/submissions-of.ts'
import { personPage } from '../pages/person-page.ts'
import { visitorOf, type ClassContext } from '../class-context.ts'
import { cardsPage } from '../pages/cards-page.ts'
import { peoplePage } from '../pages/people-page.ts'
import { textField } from '../text-field.ts'

/** The roster: adding people and printing their cards, new codes, revoked ones, removal. */
export function peopleRoutes(context: ClassContext): Router {
  const { pool, secret } = context
  const router = Router()

  router.get('/class/people', async (request, response) => {
    const notice = notices[String(request.query['done'])]
    await sendPage(
      response,
      peoplePage({ site: context.siteFor(request), people: await listPeople(pool), notice }),
    )
  })

  router.post('/class/people', async (request, response) => {
    const { people, remarks } = readNames(textField(request, 'names'))
    const added = await inTransaction(pool, (transaction) => addPeople(transaction, people, secret))
    const known = added.known.map(
      ({ name }) => `${name} is in the class already and keeps the code they have.`,
    )
    await sendCards(context, request, response, added.cards, [...remarks, ...known])
  })

  router.get('/class/people/:id', async (request, response) => {
    const person = await personOf(request)
    const page = personPage({
      site: context.siteFor(request),
      person,
      submissions: await submissionsOf(pool, person.id, 200),
      titleOf: context.titleOf,
    })
    await sendPage(response, page)
  })

  router.get('/class/people/:id/export.json', async (request, response) => {
    const { id } = await personOf(request)
    response
      .set('Cache-Control', 'no-store')
      .attachment(`${id}.json`)
      .send(JSON.stringify(await exportPerson(pool, id), null, 2))
  })

  router.post('/class/people/:id/code', async (request, response) => {
    const { id } = await personOf(request)
    const card = await inTransaction(pool, (transaction) => issueNewCode(transaction, id, secret))
    await sendCards(context, request, response, card ? [card] : [], [
      'The code they had before no longer works.',
    ])
  })

  router.post('/class/people/:id/revoke', async (request, response) => {
    const { id } = await personOf(request)
    if (id === visitorOf(request).id)
      throw new PageError(409, 'This is your own code. Have another teacher revoke it.')
    await inTransaction(pool, (transaction) => revokeCode(transaction, id))
    response.redirect(303, '/class/people?done=revoked')
  })

  router.post('/class/people/:id/remove', async (request, response) => {
    const { id, name } = await personOf(request)
    if (id === visitorOf(request).id) throw new PageError(409, 'You cannot remove yourself.')
    if (textField(request, 'name').trim() !== name)
      throw new PageError(409, `Nothing was removed: the name you typed is not “${name}”.`)
    await removePerson(pool, id)
    await context.removeFiles(id)
    response.redirect(303, '/class/people?done=removed')
  })

  const personOf = async (request: Request<{ id: string }>): Promise<Person> => {
    const person = await findPerson(pool, request.params.id)
    if (!person) throw notFound('Nobody in the class has this id.')
    return person
  }

  return router
}

const notices: Record<string, string> = {
  revoked: 'The code was revoked, and whoever was in with it is out.',
  removed: 'The person was removed, with everything that was kept of them.',
}

/** Not kept by the browser: codes stand on it. */
async function sendCards(
  context: ClassContext,
  request: Request,
  response: Response,
  cards: readonly Card[],
  remarks: readonly string[],
): Promise<void> {
  const rows = cards.map(({ name, rosterId, code }) => [name, rosterId ?? '', code])
  const csv = stringify([['name', 'id', 'code'], ...rows], { escape_formulas: true })
  const page = cardsPage({
    site: context.siteFor(request),
    address: context.origin,
    cards,
    remarks,
    csv: `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`,
  })
  response
    .set('Cache-Control', 'no-store')
    .type('html')
    .send(String(await page))
}
