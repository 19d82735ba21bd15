using CsCheck;

namespace Freshet.Broker.Tests.Groups.Mixed;

/// <summary>Whatever members of both protocols do, no partition is owned twice, and in the end every partition is owned.</summary>
public class MixedGroupPropertyTests
{
    private const int Members = 6;

    private enum Act
    {
        JoinClassic,
        JoinConsumer,
        Step,
        StepOften,
        StepMoreOften,
        Leave,
        Forget,
        Wait,
        Grow,
        Reload,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_partition_is_owned_twice_and_none_is_left_over(bool isCooperative) =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Members - 1]).Array[0, 120].Sample(acts =>
        {
            var server = new OneGroup();
            var members = new Dictionary<int, IMember>();
            foreach ((Act act, int number) in acts)
            {
                Do(act, number, server, members, isCooperative);
                OwnedOnce(server, members.Values);
            }

            Settle(server, members.Values);
        }, print: acts => string.Join(' ', acts));

    private static void Do(Act act, int number, OneGroup server, Dictionary<int, IMember> members, bool isCooperative)
    {
        IMember? member = members.GetValueOrDefault(number);
        switch (act)
        {
            case Act.JoinClassic when member is null:
                members[number] = new ClassicClient(server, isCooperative);
                break;
            case Act.JoinConsumer when member is null:
                members[number] = new ConsumerClient(server);
                break;
            case Act.Step:
                member?.Step();
                break;
            case Act.StepOften or Act.StepMoreOften:
                StepAll(members.Values);
                break;
            case Act.Leave or Act.Forget when member is not null:
                members.Remove(number);
                if (act == Act.Leave)
                {
                    member.Leave();
                }

                break;
            case Act.Wait:
                server.Pass(TimeSpan.FromSeconds(4));
                break;
            case Act.Grow:
                server.Grow();
                break;
            case Act.Reload:
                server.Reload();
                Array.ForEach([.. members.Values], known => known.LoseConnection());
                break;
        }
    }

    /// <summary>A member drops its partitions when it is told that it is none any more, before it does anything else; so does one that was silent for too long.</summary>
    private static void OwnedOnce(OneGroup server, IEnumerable<IMember> members)
    {
        int[] owned = [.. members.Where(member => server.HasMember(member.Id)).SelectMany(member => member.Owned)];
        Assert.Equal(owned.Length, owned.Distinct().Count());
    }

    private static void Settle(OneGroup server, Dictionary<int, IMember>.ValueCollection members)
    {
        // Long enough for the sessions of the dead (10 and 45 seconds) and for rebalances that wait for them (20 seconds).
        for (int round = 0; round < 50; round++)
        {
            server.Pass(TimeSpan.FromSeconds(4));
            StepAll(members);
            OwnedOnce(server, members);
        }

        for (int round = 0; round < 60; round++)
        {
            StepAll(members);
            OwnedOnce(server, members);
        }

        Assert.Equal(members.Count == 0 ? "Empty" : "Stable", server.Group.StateName);
        Assert.Equal(members.Any(member => member is ConsumerClient), members.Count > 0 && server.Group.Consumer is not null);
        Assert.Equal(members.Count == 0 ? 0 : server.Partitions, members.Sum(member => member.Owned.Count));
    }

    private static void StepAll(IEnumerable<IMember> members)
    {
        foreach (IMember member in members)
        {
            member.Step();
        }
    }
}
