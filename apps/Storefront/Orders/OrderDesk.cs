using Storefront.Invoices;
using Storefront.Retail;

namespace Storefront.Orders;

/// <summary>Turns baskets into invoices and sends them to the topic that the retail topology reads. Thread-safe.</summary>
/// <param name="replay">The replay of an old log, if there is one.</param>
internal sealed class OrderDesk(RetailAnalytics retail, InvoiceReplay? replay, TimeProvider time)
{
    private const string Country = "United Kingdom";

    // Numbers go on from the clock, so that they do not repeat after a restart.
    private long _lastNumber = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes an order and returns its number once the broker has it.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">The broker did not take it.</exception>
    public async Task<string> PlaceAsync(IReadOnlyList<BasketLine> basket, CancellationToken cancellation)
    {
        InvoiceLine[] invoice = InvoiceFor(basket);
        await retail.SendAsync(invoice, cancellation);
        return invoice[0].InvoiceNo;
    }

    /// <summary>Takes an order without waiting for the broker, except while its queue is full.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">The broker did not take an earlier one.</exception>
    public ValueTask PostAsync(IReadOnlyList<BasketLine> basket, CancellationToken cancellation) => retail.PostAsync(InvoiceFor(basket), cancellation);

    private InvoiceLine[] InvoiceFor(IReadOnlyList<BasketLine> basket)
    {
        string number = $"W{Interlocked.Increment(ref _lastNumber)}";
        // Beside a replay, orders live in its time: an order of today would make every row of the old log late.
        DateTimeOffset at = replay?.EventTime ?? time.GetUtcNow();
        return
        [
            .. basket.Select(line => new InvoiceLine(
                Line: 0, number, line.Product.Code, line.Product.Name, line.Quantity, at, line.Product.Price, CustomerId: null, Country)),
        ];
    }
}
