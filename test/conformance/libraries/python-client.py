"""What programs do with the Python client; each function is one item. Usage: KUBECONFIG ITEM"""

import sys

from kubernetes import client, config, watch
from kubernetes.dynamic import DynamicClient

GROUP, VERSION, PLURAL = "registrar.synapsis.network", "v1", "modules"


def module(name, **spec):
    needed = {"version": "1.0.0", "type": "miner", "license": "MIT", "image": "sample:1"}
    return {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "Module",
        "metadata": {"name": name},
        "spec": {**needed, **spec},
    }


def dynamic(api):
    resources = DynamicClient(api).resources
    modules = resources.get(api_version=f"{GROUP}/{VERSION}", kind="Module")
    found = [each.kind for each in resources.search(short_names=["mod"])]
    assert "Module" in found, found

    modules.create(body=module("demo", replicas=2))
    [demo] = modules.get(field_selector="metadata.name=demo").items
    since = demo.metadata.resourceVersion
    merge = {"name": "demo", "content_type": "application/merge-patch+json"}

    assert modules.patch(body={"spec": {"replicas": 3}}, **merge).spec.replicas == 3
    assert modules.status.patch(body={"status": {"phase": "Failed"}}, **merge).status.phase == "Failed"
    dry = modules.patch(body={"spec": {"replicas": 9}}, query_params=[("dryRun", "All")], **merge)
    assert dry.spec.replicas == 9

    current = modules.get(name="demo").to_dict()
    assert current["spec"]["replicas"] == 3, "the dry run was stored"
    current["spec"]["replicas"] = 4
    assert modules.replace(body=current).spec.replicas == 4

    modules.create(body=module("other"))
    modules.delete(name="demo")
    merge_finalizers = {"metadata": {"name": "demo", "finalizers": None}}
    modules.patch(body=merge_finalizers, **merge)
    seen = [event["type"] for event in modules.watch(resource_version=since, timeout=1)]
    assert seen[0] == "MODIFIED" and "ADDED" in seen and "DELETED" in seen, seen


def expired(api):
    custom = client.CustomObjectsApi(api)
    stream = watch.Watch().stream(
        custom.list_cluster_custom_object, GROUP, VERSION, PLURAL, resource_version="1"
    )
    try:
        next(iter(stream))
    except client.ApiException as error:
        assert error.status == 410, error
        return
    raise AssertionError("nothing was refused")


def discovery(api):
    assert client.VersionApi(api).get_code().git_version.startswith("v1.")
    groups = client.ApisApi(api).get_api_versions().groups
    assert GROUP in [group.name for group in groups], groups
    assert client.CoreApi(api).get_api_versions().versions == ["v1"]


if __name__ == "__main__":
    _, kubeconfig, item = sys.argv
    {"dynamic": dynamic, "expired": expired, "discovery": discovery}[item](
        config.new_client_from_config(config_file=kubeconfig)
    )
