using Microsoft.AspNetCore.Http.HttpResults;

namespace Storefront.Web;

/// <summary>Answers to requests that cannot be met, each with a sentence that the page may show.</summary>
internal static class Refusal
{
    public static ProblemHttpResult BadRequest(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status400BadRequest);

    public static ProblemHttpResult NotFound(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult Busy(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
