using System.Diagnostics.Metrics;
using System.Globalization;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Partitions;

namespace Freshet.Broker.Monitoring;

/// <summary>
/// The broker's figures as metrics of .NET, under the names that Kafka's figures have behind the usual exporter, and those of groups under
/// kafka_exporter's. They are computed when somebody looks.
/// </summary>
internal sealed class BrokerMeter : IAsyncDisposable
{
    private readonly Meter _meter;
    private readonly PartitionRegistry _partitions;
    private readonly ClusterState _cluster;
    private readonly GroupCoordinator _groups;
    private readonly BrokerFigures _figures;
    private readonly int _brokerId;

    /// <param name="scope">What a listener tells the brokers of one process apart by.</param>
    public BrokerMeter(object scope, PartitionRegistry partitions, ClusterState cluster, GroupCoordinator groups, BrokerFigures figures, int brokerId)
    {
        _meter = new Meter(new MeterOptions(BrokerService.MeterName) { Scope = scope });
        _partitions = partitions;
        _cluster = cluster;
        _groups = groups;
        _figures = figures;
        _brokerId = brokerId;
        AddTraffic();
        AddRequests();
        AddPartitions();
        AddGroups();
    }

    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return ValueTask.CompletedTask;
    }

    private void AddTraffic()
    {
        AddTopicCounter("messagesin", "Records received.", traffic => traffic.MessagesIn);
        AddTopicCounter("bytesin", "Bytes of record batches received.", traffic => traffic.BytesIn);
        AddTopicCounter("bytesout", "Bytes of record batches sent.", traffic => traffic.BytesOut);
        AddTopicCounter("failedproducerequests", "Partitions of Produce requests that were refused.", traffic => traffic.FailedProduces);
        AddTopicCounter("failedfetchrequests", "Partitions of Fetch requests that failed.", traffic => traffic.FailedFetches);
        Gauge("kafka_server_socketservermetrics_connection_count", "Connections that are open, by listener.", () => _figures.Connections.Select(each => Of(each.Value.Open, ("listener", each.Key))));
        Counter("kafka_server_socketservermetrics_connection_creation_total", "Connections that came, by listener.", () => _figures.Connections.Select(each => Of(each.Value.Opened, ("listener", each.Key))));
    }

    private void AddRequests()
    {
        const string Name = "kafka_network_requestmetrics_";
        Counter($"{Name}requests_total", "Requests answered, by API.", () => _figures.Requests.Used.Select(api => Of(api.Latencies.Cumulative()[^1], ("request", $"{api.Key}"))));
        Counter($"{Name}errors_total", "Answers with an error, by API and the first error in them.", () => _figures.Requests.Errors.Select(each =>
            Of(each.Value, ("request", $"{each.Key.Key}"), ("error", $"{each.Key.Error}"))));
        Counter($"{Name}totaltimems_bucket", "Answers that took at most so many milliseconds from the request's last byte until the answer was handed to the socket.", Buckets);
        Counter($"{Name}totaltimems_sum", "Milliseconds that all answers took.", () => _figures.Requests.Used.Select(api => Of(api.Latencies.Sum, ("request", $"{api.Key}"))));
        Counter($"{Name}totaltimems_count", "Answers whose time was taken.", () => _figures.Requests.Used.Select(api => Of(api.Latencies.Cumulative()[^1], ("request", $"{api.Key}"))));
    }

    private void AddPartitions()
    {
        Gauge("kafka_server_replicamanager_partitioncount", "Partitions on this broker.", () => [Of(_partitions.All.Count)]);
        Gauge("kafka_server_replicamanager_leadercount", "Partitions that this broker leads.", () => [Of(_cluster.View.Topics.Values.Sum(topic => Count(topic, leader => leader == _brokerId)))]);
        Gauge("kafka_controller_kafkacontroller_offlinepartitionscount", "Partitions without a broker that leads them.", () => [Of(_cluster.View.Topics.Values.Sum(topic => Count(topic, leader => leader is null)))]);
        Gauge("kafka_controller_kafkacontroller_globaltopiccount", "Topics of the cluster.", () => [Of(_cluster.View.Topics.Count)]);
        Gauge("kafka_controller_kafkacontroller_globalpartitioncount", "Partitions of the cluster.", () => [Of(_cluster.View.Topics.Values.Sum(topic => topic.PartitionCount))]);
        Gauge("kafka_log_log_size", "Bytes stored, by partition.", () => _partitions.All.Select(partition => Of(partition.Size, Labels(partition))));
        Gauge("kafka_log_log_numlogsegments", "Segments, by partition.", () => _partitions.All.Select(partition => Of(partition.SegmentCount, Labels(partition))));
        Gauge("kafka_log_log_logstartoffset", "First offset that is kept, by partition.", () => _partitions.All.Select(partition => Of(partition.LogStartOffset, Labels(partition))));
        Gauge("kafka_log_log_logendoffset", "Offset of the next record, by partition.", () => _partitions.All.Select(partition => Of(partition.LogEndOffset, Labels(partition))));
        Gauge("kafka_cluster_partition_laststableoffsetlag", "Records that wait for an open transaction to end, by partition.", () => _partitions.All.Select(partition =>
            Of(Math.Max(partition.HighWatermark - partition.LastStableOffset, 0), Labels(partition))));
    }

    private void AddGroups()
    {
        Gauge("kafka_coordinator_group_groupmetadatamanager_numgroups", "Groups that this broker keeps.", () => [Of(_groups.All.Count())]);
        Gauge("kafka_consumergroup_members", "Members, by group.", () => _groups.All.Select(group => Of(MembersOf(group), ("consumergroup", group.Id))));
        Gauge("kafka_consumergroup_current_offset", "Offset committed, by group and partition.", () => Commits().Select(commit => Of(commit.Offset, Labels(commit))));
        Gauge("kafka_consumergroup_lag", "Records behind the committed offset, by group and partition.", () => Commits().Where(commit => commit.Lag is not null)
            .Select(commit => Of(commit.Lag!.Value, Labels(commit))));
    }

    /// <summary>Adds what there is to tell of the metrics that clients push.</summary>
    public void AddTelemetry(Func<int> clients)
    {
        const string Name = "kafka_server_client_metrics_";
        TelemetryFigures figures = _figures.Telemetry;
        Gauge($"{Name}instance_count", "Clients that push metrics of theirs.", () => [Of(clients())]);
        Counter($"{Name}plugin_export_total", "Pushes of clients' metrics that were handed on.", () => [Of(figures.Received)]);
        Counter($"{Name}plugin_export_bytes_total", "Bytes of them, decompressed.", () => [Of(figures.ReceivedBytes)]);
        Counter($"{Name}plugin_error_total", "Pushes that could not be read, or that their receiver failed on.", () => [Of(figures.Failed)]);
        Counter($"{Name}dropped_total", "Pushes that were taken and could not be sent on to the collector.", () => [Of(figures.Dropped)]);
        Counter($"{Name}throttle_total", "Telemetry requests that came too early.", () => [Of(figures.Throttled)]);
        Counter($"{Name}unknown_subscription_request_total", "Pushes by what is no longer asked for.", () => [Of(figures.UnknownSubscriptions)]);
    }

    /// <summary>A counter of the whole broker, and of each topic.</summary>
    private void AddTopicCounter(string name, string description, Func<Traffic, long> read) => Counter(
        $"kafka_server_brokertopicmetrics_{name}_total", $"{description} Without a topic: all, deleted topics' too.",
        () => _partitions.All.GroupBy(partition => partition.Topic)
            .Select(topic => Of(topic.Sum(partition => read(partition.Traffic)), ("topic", topic.Key)))
            .Prepend(Of(read(_figures.Traffic))));

    private IEnumerable<Measurement<double>> Buckets()
    {
        foreach ((var key, LatencyBuckets latencies) in _figures.Requests.Used)
        {
            long[] counts = latencies.Cumulative();
            for (int bucket = 0; bucket < counts.Length; bucket++)
            {
                string end = bucket < LatencyBuckets.UpperMilliseconds.Length ? LatencyBuckets.UpperMilliseconds[bucket].ToString(CultureInfo.InvariantCulture) : "+Inf";
                yield return Of(counts[bucket], ("request", $"{key}"), ("le", end));
            }
        }
    }

    /// <summary>Committed offsets, with the lag where the partition is here.</summary>
    private List<(string Group, string Topic, int Partition, long Offset, long? Lag)> Commits()
    {
        var commits = new List<(string Group, string Topic, int Partition, long Offset, long? Lag)>();
        foreach (Group group in _groups.All)
        {
            lock (group)
            {
                foreach (((string topic, int partition), CommittedOffset offset) in group.Offsets.All)
                {
                    long? end = _partitions.Find(topic, partition)?.LogEndOffset;
                    commits.Add((group.Id, topic, partition, offset.Offset, end is null ? null : Math.Max(end.Value - offset.Offset, 0)));
                }
            }
        }

        return commits;
    }

    private int Count(Topic topic, Func<int?, bool> counts) => Enumerable.Range(0, topic.PartitionCount).Count(partition => counts(_cluster.View.LeaderOf(topic, partition)));

    private static int MembersOf(Group group)
    {
        lock (group)
        {
            return group.Consumer?.Members.Count ?? group.Members.Count;
        }
    }

    private void Counter(string name, string description, Func<IEnumerable<Measurement<double>>> read) => _meter.CreateObservableCounter(name, read, description: description);

    private void Gauge(string name, string description, Func<IEnumerable<Measurement<double>>> read) => _meter.CreateObservableGauge(name, read, description: description);

    private static (string Name, object Value)[] Labels(Partition partition) => [("topic", partition.Topic), ("partition", partition.Index)];

    private static (string Name, object Value)[] Labels((string Group, string Topic, int Partition, long Offset, long? Lag) commit) =>
        [("consumergroup", commit.Group), ("topic", commit.Topic), ("partition", commit.Partition)];

    private static Measurement<double> Of(double value, params (string Name, object Value)[] labels) =>
        new(value, labels.Select(label => new KeyValuePair<string, object?>(label.Name, label.Value)));
}
