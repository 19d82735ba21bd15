using System.Globalization;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>
/// Transactions with random commits and aborts, while their client and the broker are killed at random steps: readers of committed
/// records see every record once and in order, while it goes on and afterwards.
/// </summary>
public sealed class TransactionKillTests : IAsyncDisposable
{
    private const int Partitions = 2;
    private const int MaxStepsBetweenKills = 40;

    // Enough for a few dozen kills; FRESHET_TRANSACTION_MESSAGES=100000 is the full size.
    private static readonly long Messages =
        long.Parse(Environment.GetEnvironmentVariable("FRESHET_TRANSACTION_MESSAGES") ?? "20000", CultureInfo.InvariantCulture);

    private readonly Random _chance;
    private readonly TemporaryFolder _folder = new();
    private readonly string _port = $"{FreshetProcess.FreePort()}";
    private FreshetProcess? _broker;
    private CopyingProcess? _copier;
    private string _address = "";
    private int _clientKills;
    private int _brokerKills;

    public TransactionKillTests()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        _chance = new Random(seed);
    }

    [Fact]
    public async Task Committed_records_are_read_once_and_in_order_whoever_is_killed()
    {
        await RestartBrokerAsync();
        await KafkaTopics.CreateAsync(_address, CopyingProcess.From, Partitions);
        await KafkaTopics.CreateAsync(_address, CopyingProcess.To, Partitions);
        NumberedRecords.Fill(_address, CopyingProcess.From, Partitions, Messages / Partitions);
        Task reading = Task.Run(() => CommittedReader.ReadAll(_address, CopyingProcess.To, Partitions, Messages / Partitions));
        await CopyUnderFireAsync();
        await reading;
        TestContext.Current.TestOutputHelper?.WriteLine($"Killed or lost the client {_clientKills} times, killed the broker {_brokerKills} times");

        await RestartBrokerAsync();
        CommittedReader.ReadAll(_address, CopyingProcess.To, Partitions, Messages / Partitions);
    }

    public async ValueTask DisposeAsync()
    {
        _copier?.Dispose();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task CopyUnderFireAsync()
    {
        RestartCopier();
        int stepsLeft = _chance.Next(1, MaxStepsBetweenKills);
        while (await _copier!.StepAsync() is not CopyingProcess.Done and var step)
        {
            if (step is null)
            {
                // After a kill of the broker the client's library may find that it cannot go on, as it may with any broker.
                _clientKills++;
                RestartCopier();
            }
            else if (--stepsLeft <= 0)
            {
                await KillSomebodyAsync();
                stepsLeft = _chance.Next(1, MaxStepsBetweenKills);
            }
        }
    }

    private async Task KillSomebodyAsync()
    {
        int chance = _chance.Next(5);
        if (chance <= 2)
        {
            _clientKills++;
            RestartCopier();
        }

        if (chance >= 2)
        {
            _brokerKills++;
            await RestartBrokerAsync();
        }
    }

    private void RestartCopier()
    {
        _copier?.Dispose();
        _copier = CopyingProcess.Start(_address, Partitions, Messages / Partitions, _chance.Next());
    }

    private async Task RestartBrokerAsync()
    {
        if (_broker is not null)
        {
            await _broker.KillAsync();
            await _broker.DisposeAsync();
        }

        _broker = FreshetProcess.Start("broker", "--port", _port, "--data", _folder.Path);
        _address = await _broker.ReadyAsync("broker");
    }
}
