using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Fetching;

/// <summary>
/// What one client reads again and again, so that its requests need only list changes (KIP-227). Guarded by its own lock.
/// </summary>
internal sealed class FetchSession(int id, bool namesTopicsById, DateTimeOffset created)
{
    private readonly Dictionary<(FetchTopic Topic, int Index), int> _places = [];
    private FetchTarget[] _targets = [];
    private int _first;

    public int Id { get; } = id;

    public bool NamesTopicsById { get; } = namesTopicsById;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset LastUsed { get; set; } = created;

    /// <summary>Epoch that the next request must have.</summary>
    public int Epoch { get; set; } = 1;

    public int Count => _targets.Length;

    /// <summary>Takes in what a request adds, changes and forgets, and says what to read now.</summary>
    public FetchPlan Update(FetchRequest request, bool onlyChanges)
    {
        var added = new List<FetchTarget>();
        foreach (FetchTarget target in FetchPlan.TargetsOf(request.Topics))
        {
            (FetchTopic Topic, int Index) key = (target.Topic, target.Asked.Index);
            if (_places.TryGetValue(key, out int place) && place < _targets.Length)
            {
                _targets[place].Asked = target.Asked;
            }
            else if (_places.TryAdd(key, _targets.Length + added.Count))
            {
                added.Add(target);
            }
        }

        // Requests that are still being answered keep the array they began with.
        _targets = added.Count > 0 ? [.. _targets, .. added] : _targets;
        Forget(request.Forgotten);
        return new FetchPlan(_targets, _targets.Length == 0 ? 0 : _first % _targets.Length, this, onlyChanges);
    }

    /// <summary>Lets the next fetch begin with this target.</summary>
    public void BeginAt(int place) => _first = place;

    private void Forget(FetchRequest.ForgottenTopic[] forgotten)
    {
        int before = _places.Count;
        foreach (FetchRequest.ForgottenTopic topic in forgotten)
        {
            foreach (int index in topic.Partitions)
            {
                _places.Remove((new FetchTopic(topic.Name, topic.Id), index));
            }
        }

        if (_places.Count < before)
        {
            _targets = [.. _targets.Where(target => _places.ContainsKey((target.Topic, target.Asked.Index)))];
            for (int place = 0; place < _targets.Length; place++)
            {
                _places[(_targets[place].Topic, _targets[place].Asked.Index)] = place;
            }
        }
    }
}
