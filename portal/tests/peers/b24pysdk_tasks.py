"""b24pysdk, the official SDK for Python, against a portal. `../peers.rs` starts both."""

import base64
import os
from urllib.parse import urlsplit

from b24pysdk import BitrixAppLocal, BitrixTokenLocal, BitrixWebhook, Client
from b24pysdk.api.requesters import BitrixFileRequester
from b24pysdk.api.requesters.bitrix_oauth_requester import BitrixOAuthRequester
from b24pysdk.credentials import OAuthEventData
from b24pysdk.errors import BitrixAPIError, BitrixAPIQueryLimitExceeded

from tasks import Handler, equal, refused, run, task

hook = urlsplit(os.environ["PORTAL_WEBHOOK"])
webhook = BitrixWebhook(domain=hook.netloc, webhook_token=hook.path.split("/rest/")[1].strip("/"))
client = Client(webhook)

# The address of the authorization server is a constant of the SDK: the only thing that is changed.
origin = f"https://{hook.netloc}"
BitrixOAuthRequester._OAUTH_TOKEN_URL = f"{origin}/oauth/token/"
BitrixOAuthRequester._APP_INFO_URL = f"{origin}/rest/app.info/"


_application = []


def application():
    """The token of the application, which has expired when it is used first."""
    if not _application:
        _application.append(_expired())
    return _application[0]


def _expired():
    """A client of the application, whose access token has expired."""
    app = BitrixAppLocal(
        domain=hook.netloc,
        client_id=os.environ["PORTAL_CLIENT_ID"],
        client_secret=os.environ["PORTAL_CLIENT_SECRET"],
    )
    access, refresh = os.environ["PORTAL_ACCESS_TOKEN"], os.environ["PORTAL_REFRESH_TOKEN"]
    return BitrixTokenLocal(auth_token=access, refresh_token=refresh, bitrix_app=app)


@task
def deal_is_created_read_updated_and_deleted():
    deal = client.crm.deal.add(fields={"TITLE": "Gate", "OPPORTUNITY": 12.5, "UF_CRM_COLOUR": "red"}).result
    row = client.crm.deal.get(bitrix_id=deal).result
    equal([row["ID"], row["TITLE"], row["OPPORTUNITY"], row["STAGE_ID"]], [str(deal), "Gate", "12.50", "NEW"])
    equal(row["UF_CRM_COLOUR"], "red")
    equal(client.crm.deal.update(bitrix_id=deal, fields={"TITLE": "Fence"}).result, True)
    equal(client.crm.deal.list(filter={"ID": deal}, select=["TITLE"]).result, [{"ID": str(deal), "TITLE": "Fence"}])
    equal(client.crm.deal.delete(bitrix_id=deal).result, True)
    error = refused(BitrixAPIError, lambda: client.crm.deal.get(bitrix_id=deal).result)
    equal([error.error, error.error_description], ["", "Not found"])


@task
def contact_is_created_read_updated_and_deleted():
    phones = [{"VALUE": "+15550100", "VALUE_TYPE": "WORK"}]
    contact = client.crm.contact.add(fields={"NAME": "Ada", "PHONE": phones}).result
    row = client.crm.contact.get(bitrix_id=contact).result
    equal([row["NAME"], row["PHONE"][0]["VALUE"]], ["Ada", "+15550100"])
    equal(client.crm.contact.update(bitrix_id=contact, fields={"NAME": "Clara"}).result, True)
    equal(client.crm.contact.get(bitrix_id=contact).result["NAME"], "Clara")
    equal(client.crm.contact.delete(bitrix_id=contact).result, True)
    refused(BitrixAPIError, lambda: client.crm.contact.get(bitrix_id=contact).result)


@task
def task_is_created_read_updated_and_deleted():
    added = client.tasks.task.add(fields={"TITLE": "Paint", "RESPONSIBLE_ID": 1}).result["task"]
    number = int(added["id"])
    equal([added["title"], added["responsibleId"], added["status"]], ["Paint", "1", "2"])
    client.tasks.task.update(number, {"TITLE": "Paint twice"}).result
    equal(client.tasks.task.get(number).result["task"]["title"], "Paint twice")
    equal([row["id"] for row in client.tasks.task.list(filter={"ID": number}).result["tasks"]], [str(number)])
    client.tasks.task.delete(number).result
    refused(BitrixAPIError, lambda: client.tasks.task.get(number).result)


@task
def rows_are_listed_in_every_way():
    ids = list(range(1, 10_001))
    in_pages = client.crm.deal.list(select=["ID"]).as_list().result
    equal([int(row["ID"]) for row in in_pages], ids)
    fast = client.crm.deal.list(select=["ID"]).as_list_fast().result
    equal([int(row["ID"]) for row in fast], ids)
    falling = client.crm.deal.list(select=["ID"]).as_list_fast(descending=True).result
    equal([int(row["ID"]) for row in falling], ids[::-1])
    chosen = client.crm.deal.list(select=["ID"], filter={"@ID": ids[100:300]}).as_list_fast().result
    equal([int(row["ID"]) for row in chosen], ids[100:300])
    some = webhook.call_list("crm.deal.list", {"filter": {">ID": 9_000}}, limit=120)["result"]
    equal(len(some), 120)


@task
def batches_have_results_and_errors():
    batch = client.call_batch({
        "first": client.crm.deal.get(bitrix_id=1),
        "none": client.crm.deal.get(bitrix_id=999_999),
        "list": client.crm.deal.list(select=["ID"]),
    }).result
    equal([batch.result["first"]["ID"], len(batch.result["list"])], ["1", 50])
    equal([batch.result_error["none"]["error"], batch.result_total["list"], batch.result_next["list"]], ["", 10_000, 50])
    halted = client.call_batch([client.crm.deal.get(bitrix_id=999_999), client.crm.deal.get(bitrix_id=1)], halt=True).result
    equal([len(halted.result), len(halted.result_error)], [0, 1])
    many = client.call_batches([client.crm.deal.get(bitrix_id=number) for number in range(1, 121)]).result
    equal([row["ID"] for row in many.result.values()], [str(number) for number in range(1, 121)])
    chained = webhook.call_batch({
        "all": ("crm.deal.list", {"filter": {">ID": 41}, "start": -1}),
        "next": ("crm.deal.get", {"id": "$result[all][0][ID]"}),
    })["result"]["result"]
    equal(chained["next"]["ID"], "42")


@task
def a_limit_is_waited_for():
    # The portal refuses the first two calls. The SDK repeats what ends with 503.
    equal(client.crm.company.list().result, [])
    # And the first four calls, after which it gives up.
    error = refused(BitrixAPIQueryLimitExceeded, lambda: client.crm.quote.list().result)
    equal(error.error_description, "Too many requests")


@task
def an_expired_token_is_renewed():
    token = application()
    user = token.get_client().user.current().result
    equal([user["ID"], token.auth_token != os.environ["PORTAL_ACCESS_TOKEN"]], ["1", True])
    equal(token.get_client().profile().value.admin, True)
    info = token.get_app_info().result
    equal([info.client_id, info.user_id, info.install.domain], [os.environ["PORTAL_CLIENT_ID"], 1, hook.netloc])


@task
def an_event_arrives():
    token = application()
    events = token.get_client().event
    with Handler() as handler:
        equal(events.bind("ONCRMDEALADD", handler.address).result, True)
        deal = client.crm.deal.add(fields={"TITLE": "Gate"}).result
        event = OAuthEventData.from_dict(handler.form())
        equal([event.event, event.data["FIELDS"]["ID"]], ["ONCRMDEALADD", str(deal)])
        # `validate_against_app_info` compares a host without its port with one that has it.
        info = token.get_app_info().result
        equal([event.auth.member_id, event.auth.user_id], [info.install.member_id, info.user_id])
        equal(events.unbind("ONCRMDEALADD", handler.address).result, {"count": 1})
    client.crm.deal.delete(bitrix_id=deal).result


@task
def the_portal_describes_itself():
    equal(client.profile().value.bitrix_id, 1)
    equal("crm" in client.scope().result, True)
    equal(client.app.info().value.scope, client.scope().result)
    equal(client.feature.get("rest_offline_extended").value.value, True)
    equal(client.method.get("crm.deal.get").result, {"isExisting": True, "isAvailable": True})
    equal(list(client.access.name(["U1", "AU"]).value), ["U1", "AU"])
    fields = client.crm.deal.fields().value
    equal([fields["TITLE"].type, fields["ID"].is_read_only], ["string", True])


@task
def files_come_back():
    content = bytes(range(256)) * 40
    pair = ["pattern.bin", base64.b64encode(content).decode()]
    storage = client.disk.storage.get_list().result[0]
    file = client.disk.folder.upload_file(
        int(storage["ROOT_OBJECT_ID"]), data={"NAME": pair[0]}, file_content=pair,
    ).result
    equal([file["NAME"], int(file["SIZE"])], [pair[0], len(content)])
    read = client.disk.file.get(int(file["ID"])).result
    equal(BitrixFileRequester(url=read["DOWNLOAD_URL"]).call()["content"], content)
    children = client.disk.folder.get_children(int(storage["ROOT_OBJECT_ID"])).result
    equal([child["NAME"] for child in children], [pair[0]])
    client.disk.file.delete(int(file["ID"])).result
    refused(BitrixAPIError, lambda: client.disk.file.get(int(file["ID"])).result)


run()
