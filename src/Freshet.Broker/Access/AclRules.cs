using System.Collections.Frozen;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Access;

/// <summary>All access rules at one moment, and what they say. Never changes; a change makes new ones.</summary>
/// <remarks>
/// A rule that denies wins. A rule that allows to read, write, delete or alter allows to describe too, and one that allows to
/// alter settings allows to describe them.
/// </remarks>
internal sealed class AclRules
{
    public const string AllNames = "*";
    // By the number of the type.
    private readonly RulesOfType?[] _types = new RulesOfType?[(int)AclResourceType.User + 1];

    public AclRules(IEnumerable<AclBinding> bindings)
    {
        All = [.. bindings];
        foreach (IGrouping<int, AclBinding> type in All.GroupBy(binding => (int)binding.ResourceType))
        {
            _types[type.Key] = new RulesOfType(type);
        }
    }

    public static AclRules None { get; } = new([]);

    public IReadOnlyList<AclBinding> All { get; }

    /// <summary>What the rules say about one resource.</summary>
    public AclVerdict Judge(Principal principal, string host, AclOperation operation, AclResourceType type, string name)
    {
        if (_types[(int)type] is not { } rules)
        {
            return AclVerdict.NoRule;
        }

        var verdict = AclVerdict.NoRule;
        foreach (AclBinding[] some in rules.About(name))
        {
            foreach (AclBinding binding in some)
            {
                // That there is a rule at all for the resource, be it for others, already shuts everyone else out.
                verdict = verdict == AclVerdict.NoRule ? AclVerdict.NotAllowed : verdict;
                if (!IsFor(binding, principal, host) || !Covers(binding, operation))
                {
                    continue;
                }

                if (binding.Permission == AclPermission.Deny)
                {
                    return AclVerdict.Denied;
                }

                verdict = AclVerdict.Allowed;
            }
        }

        return verdict;
    }

    /// <summary>Whether there may be a resource of the type, existing or not, on which the operation is allowed.</summary>
    public AclVerdict JudgeAny(Principal principal, string host, AclOperation operation, AclResourceType type)
    {
        AclBinding[] mine = [.. All.Where(binding => binding.ResourceType == type && IsFor(binding, principal, host) && Covers(binding, operation))];
        AclBinding[] denials = [.. mine.Where(binding => binding.Permission == AclPermission.Deny)];
        return mine.Any(binding => binding.Permission == AclPermission.Allow && !denials.Any(denial => Encloses(denial, binding))) ? AclVerdict.Allowed
            : denials.Any(IsForAllNames) ? AclVerdict.Denied
            : AclVerdict.NoRule;
    }

    private static bool IsFor(AclBinding binding, Principal principal, string host) =>
        (binding.Host == AllNames || binding.Host == host)
        && binding.Principal.AsSpan().StartsWith(principal.Type) && binding.Principal.AsSpan(principal.Type.Length) is [':', .. var name]
        && (name is AllNames || name.SequenceEqual(principal.Name));

    private static bool Covers(AclBinding binding, AclOperation operation) =>
        binding.Operation == operation || binding.Operation == AclOperation.All
        || (binding.Permission == AclPermission.Allow && operation switch
        {
            AclOperation.Describe => binding.Operation is AclOperation.Read or AclOperation.Write or AclOperation.Delete or AclOperation.Alter,
            AclOperation.DescribeConfigs => binding.Operation == AclOperation.AlterConfigs,
            _ => false,
        });

    /// <summary>Whether every name that the inner rule is about is one that the outer rule is about.</summary>
    private static bool Encloses(AclBinding outer, AclBinding inner) => IsForAllNames(outer)
        || (outer.PatternType == AclPatternType.Prefixed
            ? !IsForAllNames(inner) && inner.ResourceName.StartsWith(outer.ResourceName, StringComparison.Ordinal)
            : inner.PatternType == AclPatternType.Literal && inner.ResourceName == outer.ResourceName);

    private static bool IsForAllNames(AclBinding binding) => binding is { PatternType: AclPatternType.Literal, ResourceName: AllNames };

    /// <summary>The rules about one kind of resource, found by name without looking at all of them.</summary>
    private sealed class RulesOfType
    {
        private readonly FrozenDictionary<string, AclBinding[]> _literal;
        private readonly FrozenDictionary<string, AclBinding[]>.AlternateLookup<ReadOnlySpan<char>> _prefixed;
        private readonly int[] _prefixLengths;

        public RulesOfType(IEnumerable<AclBinding> bindings)
        {
            ILookup<bool, AclBinding> byPattern = bindings.ToLookup(binding => binding.PatternType == AclPatternType.Prefixed);
            _literal = ByName(byPattern[false]);
            FrozenDictionary<string, AclBinding[]> prefixed = ByName(byPattern[true]);
            _prefixed = prefixed.GetAlternateLookup<ReadOnlySpan<char>>();
            _prefixLengths = [.. prefixed.Keys.Select(prefix => prefix.Length).Distinct().Order()];
        }

        public IEnumerable<AclBinding[]> About(string name)
        {
            if (_literal.TryGetValue(name, out AclBinding[]? same))
            {
                yield return same;
            }

            if (name != AllNames && _literal.TryGetValue(AllNames, out AclBinding[]? all))
            {
                yield return all;
            }

            foreach (int length in _prefixLengths)
            {
                if (length <= name.Length && _prefixed.TryGetValue(name.AsSpan(0, length), out AclBinding[]? prefixed))
                {
                    yield return prefixed;
                }
            }
        }

        private static FrozenDictionary<string, AclBinding[]> ByName(IEnumerable<AclBinding> bindings) =>
            bindings.GroupBy(binding => binding.ResourceName).ToFrozenDictionary(name => name.Key, name => name.ToArray(), StringComparer.Ordinal);
    }
}
