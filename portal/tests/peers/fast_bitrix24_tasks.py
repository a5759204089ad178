"""fast_bitrix24, a client for Python, against a portal. `../peers.rs` starts both."""

import asyncio
import base64
import json
import os
import urllib.parse
import urllib.request

from fast_bitrix24 import Bitrix, BitrixAsync
from fast_bitrix24.server_response import ErrorInServerResponseException

from tasks import Handler, equal, refused, run, task

webhook = os.environ["PORTAL_WEBHOOK"]
# The pool is large, so that the tests do not last as long as the limits of a real portal ask for.
portal = Bitrix(webhook, verbose=False, request_pool_size=1_000)


applications = []


def one(method, params):
    """The result of one call, which the client returns in a map with a key of its own if it is a map."""
    (result,) = portal.call(method, [params])
    return result


@task
def deal_is_created_read_updated_and_deleted():
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "Gate", "OPPORTUNITY": 12.5}})
    row = one("crm.deal.get", {"id": deal})
    equal([row["ID"], row["TITLE"], row["OPPORTUNITY"]], [str(deal), "Gate", "12.50"])
    equal(portal.call("crm.deal.update", {"id": deal, "fields": {"TITLE": "Fence"}}), True)
    equal(portal.get_by_ID("crm.deal.get", [deal, 1])[str(deal)]["TITLE"], "Fence")
    equal(portal.call("crm.deal.delete", {"id": deal}), True)
    error = refused(ErrorInServerResponseException, lambda: portal.call("crm.deal.get", {"id": deal}))
    equal("Not found" in str(error), True)


@task
def contact_is_created_read_updated_and_deleted():
    phones = [{"VALUE": "+15550100", "VALUE_TYPE": "WORK"}]
    contact = portal.call("crm.contact.add", {"fields": {"NAME": "Ada", "PHONE": phones}})
    row = one("crm.contact.get", {"id": contact})
    equal([row["NAME"], row["PHONE"][0]["VALUE"]], ["Ada", "+15550100"])
    equal(portal.call("crm.contact.update", {"id": contact, "fields": {"NAME": "Clara"}}), True)
    equal(one("crm.contact.get", {"id": contact})["NAME"], "Clara")
    equal(portal.call("crm.contact.delete", {"id": contact}), True)


@task
def task_is_created_read_updated_and_deleted():
    added = portal.call("tasks.task.add", {"fields": {"TITLE": "Paint", "RESPONSIBLE_ID": 1}})
    number = int(added["id"])
    equal(portal.call("tasks.task.update", {"taskId": number, "fields": {"TITLE": "Paint twice"}})["title"], "Paint twice")
    equal(portal.call("tasks.task.get", {"taskId": number})["title"], "Paint twice")
    equal([row["id"] for row in portal.get_all("tasks.task.list", {"filter": {"ID": number}})], [str(number)])
    portal.call("tasks.task.delete", {"taskId": number})
    refused(ErrorInServerResponseException, lambda: portal.call("tasks.task.get", {"taskId": number}))


@task
def rows_are_listed_in_every_way():
    ids = list(range(1, 10_001))
    # The order of its results is that in which responses arrive.
    in_pages = portal.get_all("crm.deal.list", {"select": ["ID"]})
    equal(sorted(int(row["ID"]) for row in in_pages), ids)
    chosen = portal.get_all("crm.deal.list", {"select": ["ID"], "filter": {">ID": 9_700}})
    equal(sorted(int(row["ID"]) for row in chosen), ids[9_700:])
    by_id = portal.get_by_ID("crm.deal.get", ids[:120])
    equal(sorted(by_id, key=int), [str(number) for number in ids[:120]])
    leads = portal.call("crm.lead.add", [{"fields": {"NAME": name}} for name in ("Ada", "Boris")])
    equal(sorted(row["NAME"] for row in portal.list_and_get("crm.lead").values()), ["Ada", "Boris"])
    equal(portal.get_by_ID("crm.lead.delete", leads), {str(lead): True for lead in leads})

    async def with_portal():
        other = BitrixAsync(webhook, verbose=False, request_pool_size=1_000)
        return await other.get_all("crm.deal.list", {"select": ["ID"]})

    equal(len(asyncio.run(with_portal())), 10_000)


@task
def batches_have_results_and_errors():
    result = portal.call_batch({
        "halt": 0,
        "cmd": {"all": "crm.deal.list?filter[>ID]=41&start=-1", "next": "crm.deal.get?id=$result[all][0][ID]"},
    })
    equal([len(result["all"]), result["next"]["ID"]], [50, "42"])
    rows = portal.call("crm.deal.get", [{"id": number} for number in range(1, 121)])
    equal(sorted(int(row["ID"]) for row in rows), list(range(1, 121)))
    wrong = {"halt": 0, "cmd": {"none": "crm.deal.get?id=999999", "first": "crm.deal.get?id=1"}}
    refused(ErrorInServerResponseException, lambda: portal.call_batch(wrong))


@task
def a_limit_is_waited_for():
    # The portal refuses the first two calls with 503, which it repeats.
    equal(portal.get_all("crm.company.list"), [])


@task
def an_expired_token_is_renewed():
    renewals = []

    async def token():
        if not renewals:
            renewals.append(os.environ["PORTAL_ACCESS_TOKEN"])
            return renewals[-1]
        grant = urllib.parse.urlencode({
            "grant_type": "refresh_token",
            "client_id": os.environ["PORTAL_CLIENT_ID"],
            "client_secret": os.environ["PORTAL_CLIENT_SECRET"],
            "refresh_token": os.environ["PORTAL_REFRESH_TOKEN"],
        })
        with urllib.request.urlopen(f"{os.environ['PORTAL_TOKENS']}?{grant}") as response:
            renewals.append(json.load(response)["access_token"])
        return renewals[-1]

    endpoint = webhook.split("/rest/")[0] + "/rest/"
    applications.append(Bitrix(endpoint, token_func=token, verbose=False))
    equal(applications[0].call("user.current", raw=True)["result"]["ID"], "1")
    equal(len(renewals), 2)


@task
def an_event_arrives():
    with Handler() as handler:
        bound = {"event": "ONCRMDEALADD", "handler": handler.address}
        equal(applications[0].call("event.bind", bound, raw=True)["result"], True)
        deal = portal.call("crm.deal.add", {"fields": {"TITLE": "Gate"}})
        form = handler.form()
        equal([form["event"], form["data[FIELDS][ID]"]], ["ONCRMDEALADD", str(deal)])
    portal.call("crm.deal.delete", {"id": deal})


@task
def files_come_back():
    content = bytes(range(256)) * 40
    pair = ["pattern.bin", base64.b64encode(content).decode()]
    storage = portal.call("disk.storage.getlist", raw=True)["result"][0]
    upload = {"id": storage["ROOT_OBJECT_ID"], "data": {"NAME": pair[0]}, "fileContent": pair}
    # Without `raw`, the names of parameters are sent in upper case, which this module does not know.
    file = portal.call("disk.folder.uploadfile", upload, raw=True)["result"]
    read = portal.call("disk.file.get", {"id": file["ID"]}, raw=True)["result"]
    with urllib.request.urlopen(read["DOWNLOAD_URL"]) as response:
        equal(response.read(), content)
    error = refused(ErrorInServerResponseException, lambda: portal.call("disk.file.get", [{"ID": file["ID"]}]))
    equal("Could not find value for parameter" in str(error), True)
    portal.call("disk.file.delete", {"id": file["ID"]}, raw=True)
    error = refused(ErrorInServerResponseException, lambda: portal.call("disk.file.get", [{"id": file["ID"]}]))
    equal("Could not find entity with id" in str(error), True)


run()
