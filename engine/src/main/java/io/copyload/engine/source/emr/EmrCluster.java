package io.copyload.engine.source.emr;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.aws.AwsAccess;
import io.copyload.engine.source.aws.AwsErrors;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.Instance;
import software.amazon.awssdk.services.emr.model.InstanceCollectionType;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceGroupType;
import software.amazon.awssdk.services.emr.model.InstanceState;
import software.amazon.awssdk.services.emr.model.ListInstancesRequest;

/** One cluster of EMR as one identity sees it. */
final class EmrCluster {
  private static final AwsErrors ERRORS =
      new AwsErrors(
          Set.of(),
          Set.of("InvalidRequestException", "ValidationException"),
          "Check the cluster's id and the region.",
          "The identity needs elasticmapreduce:ListInstances for the cluster; with"
              + " elasticmapreduce:DescribeCluster, too, errors are clearer.");

  private static final String ENDPOINT = "emr_endpoint";

  private static final Set<ClusterState> ENDED =
      Set.of(
          ClusterState.TERMINATING, ClusterState.TERMINATED, ClusterState.TERMINATED_WITH_ERRORS);

  private static final Set<ClusterState> BEGINNING =
      Set.of(ClusterState.STARTING, ClusterState.BOOTSTRAPPING);

  private final String id;
  private final NetworkSettings network;
  private final AwsAccess access;
  private final EmrClient client;

  EmrCluster(String id, SourceClauses clauses, SourceSettings settings) {
    this.id = id;
    network = NetworkSettings.of(settings);
    URI endpoint = AwsAccess.endpoint(settings, ENDPOINT);
    access = AwsAccess.of(clauses, settings, settings.text("s3_region"), endpoint != null);
    client = access.client(EmrClient.builder(), endpoint);
  }

  /**
   * Names and addresses of the running master nodes, inside their network first.
   *
   * @throws CopyException when the cluster does not run or may not be seen
   */
  List<String> masters(CancelToken cancel) {
    List<String> masters =
        Planning.answer("emr://" + id, network, this::masters, access.http()::abortAll, cancel);
    if (masters.isEmpty()) {
      throw RemoteFailure.lasting(
              CopyErrorCode.OBJECT_MISSING, "the cluster has no running master node", null)
          .toCopyException("emr://" + id);
    }
    return masters;
  }

  private List<String> masters() throws IOException {
    Cluster cluster = describe();
    boolean fleets =
        cluster != null
            && cluster.instanceCollectionType() == InstanceCollectionType.INSTANCE_FLEET;
    List<Instance> running;
    try {
      running = running(fleets);
    } catch (RemoteFailure e) {
      if (cluster != null || e.code() != CopyErrorCode.OBJECT_MISSING) {
        throw e;
      }
      // What may not be described is asked for in the other way, too.
      running = running(true);
    }
    Set<String> hosts = new LinkedHashSet<>();
    List<Function<Instance, String>> names =
        List.of(
            Instance::privateDnsName,
            Instance::privateIpAddress,
            Instance::publicDnsName,
            Instance::publicIpAddress);
    for (Function<Instance, String> name : names) {
      running.stream()
          .map(name)
          .filter(host -> host != null && !host.isBlank())
          .forEach(hosts::add);
    }
    String master = cluster == null ? null : cluster.masterPublicDnsName();
    if (master != null && !master.isBlank()) {
      hosts.add(master);
    }
    return List.copyOf(hosts);
  }

  /** The cluster, which must run; null when the identity may only list instances. */
  private Cluster describe() throws RemoteFailure {
    Cluster cluster;
    try {
      cluster = client.describeCluster(r -> r.clusterId(id)).cluster();
    } catch (SdkException e) {
      RemoteFailure failure = ERRORS.of(e);
      if (failure.code() == CopyErrorCode.INSUFFICIENT_PRIVILEGE) {
        // Redshift asks for the right to list instances only.
        return null;
      }
      throw failure;
    }
    ClusterState state = cluster.status() == null ? null : cluster.status().state();
    if (state != null && ENDED.contains(state)) {
      String why =
          cluster.status().stateChangeReason() == null
              ? null
              : cluster.status().stateChangeReason().message();
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_MISSING,
          "the cluster is " + state + (why == null || why.isBlank() ? "" : ": " + why),
          "COPY reads clusters that run; keep one from terminating by itself.");
    }
    if (state != null && BEGINNING.contains(state)) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE,
          "the cluster is " + state,
          "Load it when it is RUNNING or WAITING.");
    }
    return cluster;
  }

  private List<Instance> running(boolean fleets) throws RemoteFailure {
    ListInstancesRequest.Builder request =
        ListInstancesRequest.builder().clusterId(id).instanceStates(InstanceState.RUNNING);
    if (fleets) {
      request.instanceFleetType(InstanceFleetType.MASTER);
    } else {
      request.instanceGroupTypes(InstanceGroupType.MASTER);
    }
    List<Instance> found = new ArrayList<>();
    String marker = null;
    try {
      do {
        var page = client.listInstances(request.marker(marker).build());
        found.addAll(page.instances());
        marker = page.marker();
      } while (marker != null && !marker.isEmpty());
    } catch (SdkException e) {
      throw ERRORS.of(e);
    }
    return found;
  }
}
