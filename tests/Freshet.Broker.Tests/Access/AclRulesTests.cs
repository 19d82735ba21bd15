using CsCheck;
using Freshet.Broker.Access;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Tests.Access;

public class AclRulesTests
{
    private static readonly string[] Names = ["a", "ab", "abc", "b", "*", "a*"];
    private static readonly string[] Principals = ["User:x", "User:y", "User:*", "Group:x"];
    private static readonly string[] Hosts = ["*", "10.0.0.1", "10.0.0.2"];

    private static readonly AclOperation[] Operations =
    [
        AclOperation.All, AclOperation.Read, AclOperation.Write, AclOperation.Describe, AclOperation.Delete, AclOperation.Alter,
        AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.Create,
    ];

    private static readonly Gen<AclBinding> Bindings = Gen.Select(
        OneOf(AclResourceType.Topic, AclResourceType.Group), OneOf(Names), OneOf(AclPatternType.Literal, AclPatternType.Prefixed),
        OneOf(Principals), OneOf(Hosts), OneOf(Operations), OneOf(AclPermission.Allow, AclPermission.Allow, AclPermission.Deny),
        (type, name, pattern, principal, host, operation, permission) => new AclBinding(type, name, pattern, principal, host, operation, permission));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    [Fact]
    public void The_verdict_is_that_of_a_plain_look_at_every_rule() => Gen.Select(
        Bindings.Array[0, 12], OneOf("x", "y", "z"), OneOf(Hosts[1..]), OneOf(Operations[1..]), OneOf("a", "ab", "abcd", "b", "c"))
        .Sample((bindings, user, host, operation, name) =>
            new AclRules(bindings).Judge(Principal.User(user), host, operation, AclResourceType.Topic, name) == Model(bindings, user, host, operation, name));

    [Fact]
    public void Some_resource_is_allowed_when_there_is_a_name_that_is() => Gen.Select(Bindings.Array[0, 8], OneOf("x", "y"), OneOf(AclOperation.Write, AclOperation.Describe))
        .Sample((bindings, user, operation) =>
        {
            // Names of every shape that the rules tell apart: those of the rules, longer ones, and one that no rule knows.
            string[] names = [.. Names.Where(name => !name.Contains('*', StringComparison.Ordinal)), .. Names.Select(name => $"{name}~"), "other"];
            bool isAllowed = names.Any(name => Model(bindings, user, Hosts[1], operation, name) == AclVerdict.Allowed);
            // It may say yes where several denials together cover what one rule allows, as Kafka does; never no where something is allowed.
            return !isAllowed || new AclRules(bindings).JudgeAny(Principal.User(user), Hosts[1], operation, AclResourceType.Topic) == AclVerdict.Allowed;
        });

    [Theory]
    [InlineData("User:x", "*", AclPatternType.Literal, true)]
    [InlineData("User:x", "a", AclPatternType.Prefixed, true)]
    [InlineData("User:x", "ab", AclPatternType.Literal, true)]
    [InlineData("User:x", "b", AclPatternType.Prefixed, false)]
    [InlineData("User:y", "*", AclPatternType.Literal, false)]
    public void A_rule_that_denies_wins(string principal, string name, AclPatternType pattern, bool denies)
    {
        var rules = new AclRules(
        [
            new AclBinding(AclResourceType.Topic, "ab", AclPatternType.Literal, "User:x", "*", AclOperation.All, AclPermission.Allow),
            new AclBinding(AclResourceType.Topic, name, pattern, principal, "*", AclOperation.Read, AclPermission.Deny),
        ]);
        Assert.Equal(denies ? AclVerdict.Denied : AclVerdict.Allowed, rules.Judge(Principal.User("x"), "10.0.0.1", AclOperation.Read, AclResourceType.Topic, "ab"));
    }

    private static AclVerdict Model(AclBinding[] bindings, string user, string host, AclOperation operation, string name)
    {
        AclBinding[] about = [.. bindings.Where(rule => rule.ResourceType == AclResourceType.Topic && (rule.PatternType == AclPatternType.Prefixed
            ? name.StartsWith(rule.ResourceName, StringComparison.Ordinal)
            : rule.ResourceName == name || rule.ResourceName == "*"))];
        AclBinding[] mine = [.. about.Where(rule => (rule.Principal == $"User:{user}" || rule.Principal == "User:*") && (rule.Host == "*" || rule.Host == host))];
        bool denies = mine.Any(rule => rule.Permission == AclPermission.Deny && (rule.Operation == operation || rule.Operation == AclOperation.All));
        AclOperation[] enough = operation switch
        {
            AclOperation.Describe => [AclOperation.All, AclOperation.Describe, AclOperation.Read, AclOperation.Write, AclOperation.Delete, AclOperation.Alter],
            AclOperation.DescribeConfigs => [AclOperation.All, AclOperation.DescribeConfigs, AclOperation.AlterConfigs],
            _ => [AclOperation.All, operation],
        };
        bool allows = mine.Any(rule => rule.Permission == AclPermission.Allow && enough.Contains(rule.Operation));
        return denies ? AclVerdict.Denied : allows ? AclVerdict.Allowed : about.Length > 0 ? AclVerdict.NotAllowed : AclVerdict.NoRule;
    }
}
