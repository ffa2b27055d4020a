"""The controllers: each watches the store and brings one kind of thing nearer to what is wanted."""

from playground.kube.controllers.daemonset import DaemonSetController
from playground.kube.controllers.deployment import DeploymentController
from playground.kube.controllers.disruption import DisruptionController
from playground.kube.controllers.endpoints import EndpointsController
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.controllers.endpointslicemirroring import EndpointSliceMirroringController
from playground.kube.controllers.garbage import GarbageController
from playground.kube.controllers.kubernetesservice import KubernetesServiceController
from playground.kube.controllers.loadbalancer import LoadBalancerController
from playground.kube.controllers.namespace import NamespaceController
from playground.kube.controllers.nodelifecycle import NodeLifecycleController
from playground.kube.controllers.podgc import PodGarbageController
from playground.kube.controllers.replicaset import ReplicaSetController
from playground.kube.controllers.rootcacertpublisher import RootCACertPublisher
from playground.kube.controllers.serviceaccounts import ServiceAccountsController
from playground.kube.controllers.statefulset import StatefulSetController
from playground.kube.controllers.tainteviction import TaintEvictionController
from playground.kube.controllers.volumebinder import VolumeBinder

CONTROLLERS = (
    DeploymentController,
    ReplicaSetController,
    StatefulSetController,
    DaemonSetController,
    VolumeBinder,
    DisruptionController,
    EndpointSliceController,
    EndpointsController,
    EndpointSliceMirroringController,
    LoadBalancerController,
    KubernetesServiceController,
    NodeLifecycleController,
    TaintEvictionController,
    PodGarbageController,
    RootCACertPublisher,
    ServiceAccountsController,
    NamespaceController,
    GarbageController,
)

__all__ = ["CONTROLLERS"]
