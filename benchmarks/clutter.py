"""Files of other tools, as a repository of infrastructure has them."""

import json
import random
from collections.abc import Iterator

_WORDS = ("ingress", "billing", "frontend", "session", "registry", "worker", "metrics", "gateway", "catalog", "search")


def foreign_files(number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Give names and texts of 0.3 to 6 kB: Kubernetes, compose, Ansible, Helm, JSON.

    None holds a word of ours; many have an `apiVersion` of their own.
    """
    draw = random.Random(seed)  # noqa: S311 -- inputs, not secrets
    makers = (_kubernetes, _kubernetes, _compose, _playbook, _chart, _package)
    for index in range(number):
        suffix, text = draw.choice(makers)(draw)
        yield f"team{index % 40:02}/{draw.choice(_WORDS)}/{index:05}{suffix}", text


def _kubernetes(draw: random.Random) -> tuple[str, str]:
    name = draw.choice(_WORDS)
    containers = "".join(
        f"        - name: {name}-{number}\n          image: registry.example/{name}:{draw.randrange(100)}\n"
        f"          env:\n            - {{name: LEVEL, value: '{draw.randrange(10)}'}}\n"
        for number in range(draw.randint(1, 12))
    )
    return ".yaml", (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  labels: {{app: {name}}}\n"
        f"spec:\n  replicas: {draw.randint(1, 9)}\n  template:\n    spec:\n      containers:\n{containers}"
    )


def _compose(draw: random.Random) -> tuple[str, str]:
    services = "".join(
        f"  {draw.choice(_WORDS)}{number}:\n    image: registry.example/app:{draw.randrange(100)}\n"
        f"    ports: ['{draw.randrange(1024, 9999)}:80']\n    restart: unless-stopped\n"
        for number in range(draw.randint(2, 20))
    )
    return ".yml", f"services:\n{services}"


def _playbook(draw: random.Random) -> tuple[str, str]:
    tasks = "".join(
        f"    - name: install {draw.choice(_WORDS)} {number}\n      ansible.builtin.package:\n"
        f"        name: {draw.choice(_WORDS)}\n        state: present\n      when: ansible_os_family == 'Debian'\n"
        for number in range(draw.randint(2, 25))
    )
    return ".yml", f"- hosts: all\n  become: true\n  tasks:\n{tasks}"


def _chart(draw: random.Random) -> tuple[str, str]:
    name = draw.choice(_WORDS)
    return ".yaml", (
        f"{{{{- if .Values.{name}.enabled }}}}\napiVersion: v1\nkind: Service\n"
        f'metadata:\n  name: {{{{ include "{name}" . }}}}\n'
        f"spec:\n  ports:\n" + "    - port: 80\n" * draw.randint(1, 40) + "{{- end }}\n"
    )


def _package(draw: random.Random) -> tuple[str, str]:
    wanted = {f"{draw.choice(_WORDS)}-{number}": f"^{number}.0.0" for number in range(draw.randint(3, 120))}
    return ".json", json.dumps({"name": draw.choice(_WORDS), "dependencies": wanted}, indent=2) + "\n"
